package import Model

/// People and rooms to try Parley with: the twelve of Faerie Chat.
package enum DemoData {
    package struct DemoPerson: Sendable {
        package let username: String
        package let name: String
        package let role: Role
        package let password: String
    }

    package static let people: [DemoPerson] = [
        person("admin", "Admin Fae", role: .admin),
        person("titania", "Titania Moonweaver"),
        person("oberon", "Oberon Shadowthorn"),
        person("puck", "Puck Trickfoot"),
        person("morgana", "Morgana Mistbloom"),
        person("thistle", "Thistle Duskwing"),
        person("bramble", "Bramble Thornheart"),
        person("luna", "Luna Starfire"),
        person("fern", "Fern Dewdrop"),
        person("cobweb", "Cobweb Silkspinner"),
        person("mustardseed", "Mustardseed Goldenleaf"),
        person("omni", "Omni Voidwalker", password: "omnifae42"),
    ]

    private static func person(
        _ username: String, _ name: String, role: Role = .member, password: String = "faerie123"
    ) -> DemoPerson {
        DemoPerson(username: username, name: name, role: role, password: password)
    }

    /// A room with its members and what they said. Who speaks is a member.
    struct DemoRoom {
        let slug: String
        let name: String
        let topic: String
        let kind: RoomKind
        let members: [String]
        let messages: [(sender: String, text: String)]
    }

    static let rooms: [DemoRoom] = [
        DemoRoom(
            slug: "lobby", name: "Lobby", topic: "Say hello, everybody is here", kind: .public,
            members: people.map(\.username),
            messages: [
                ("admin", "Welcome to Parley. Everything here is demo data: try whatever you like."),
                ("titania", "Good evening, all. The moon is up early."),
                ("puck", "Somebody has hung bells on the reverse proxy. It was not me."),
                ("oberon", "It is always you."),
                ("luna", "They sound lovely, though 🔔"),
            ]),
        DemoRoom(
            slug: "moonlit-glade", name: "Moonlit Glade", topic: "Slow talk, long evenings", kind: .public,
            members: ["titania", "luna", "fern", "morgana", "thistle", "admin"],
            messages: [
                ("fern", "The dew is heavier than last year. Has anybody else noticed?"),
                ("morgana", "The mist comes earlier too. I am keeping notes."),
                ("titania", "Bring them on Thursday, please. I would like to compare."),
            ]),
        DemoRoom(
            slug: "mischief", name: "Mischief", topic: "Plans that were not made here", kind: .public,
            members: ["puck", "cobweb", "mustardseed", "bramble", "omni"],
            messages: [
                ("cobweb", "Which window did we say?"),
                ("puck", "The one that is open."),
                ("mustardseed", "A good plan is one that you can forget and still carry out."),
            ]),
        DemoRoom(
            slug: "help", name: "Help", topic: "Questions about running Parley", kind: .public,
            members: ["admin", "omni", "bramble", "titania"],
            messages: [
                ("bramble", "Do I need to set anything in the proxy for the sockets?"),
                ("admin", "One public URL is all the server asks for. The README has the rest."),
            ]),
        DemoRoom(
            slug: "court", name: "The Court", topic: "Members only", kind: .private,
            members: ["titania", "oberon", "admin"],
            messages: [
                ("oberon", "This one is private: only we three can see that it exists."),
                ("titania", "Then let us talk about the other rooms."),
            ]),
    ]
}
