import Auth
import Foundation
import Model
import Storage
import Testing

@testable import Chat

@Suite("What people say of themselves")
struct ProfileTests {
    @Test("is seen by whoever may look for them, and told to those who see them")
    func seen() async throws {
        try await World.with { world in
            let (titania, puck) = (try await world.person("titania"), try await world.person("puck"))
            try await world.chat.editProfile(
                name: "Titania", bio: " Queen.\nOf fairies. ", timeZone: "Europe/Berlin", by: titania)
            try await world.chat.setStatus(emoji: "🌙", text: "Up late", seconds: 3600, by: titania)
            let view = try await world.chat.person("TITANIA", for: puck)
            #expect(view.user.name == "Titania" && view.profile.bio == "Queen.\nOf fairies.")
            #expect(view.profile.timeZone == "Europe/Berlin" && view.profile.status?.text == "Up late")
            #expect(view.canBeWrittenTo && view.sharedRooms.isEmpty)
            #expect(world.events.all.suffix(2) == ["titania is Titania", "titania is Titania"])
        }
    }

    @Test("stays as it was where a change does not name it")
    func partial() async throws {
        try await World.with { world in
            let titania = try await world.person("titania")
            try await world.chat.editProfile(name: "Titania", bio: "Queen", timeZone: "UTC", by: titania)
            try await world.chat.editProfile(bio: "", by: titania)
            let view = try await world.chat.person("titania", for: titania)
            #expect(view.user.name == "Titania" && view.profile.bio.isEmpty && view.profile.timeZone == "UTC")
            try await world.chat.editProfile(timeZone: "", by: titania)
            #expect(try await world.chat.profile(of: titania).timeZone == nil)
        }
    }

    @Test("is refused in its own field where it does not fit, and nothing changes")
    func refused() async throws {
        try await World.with { world in
            let titania = try await world.person("titania")
            let long = String(repeating: "é", count: 501)
            let wrong: [(String, @Sendable () async throws -> Void)] = [
                ("name", { try await world.chat.editProfile(name: " ", bio: "new", by: titania) }),
                ("name", { try await world.chat.editProfile(name: "a\0b", bio: "new", by: titania) }),
                ("bio", { try await world.chat.editProfile(name: "New", bio: long, by: titania) }),
                ("bio", { try await world.chat.editProfile(name: "New", bio: "a\0b", by: titania) }),
                ("timeZone", { try await world.chat.editProfile(bio: "new", timeZone: "Mars/Olympus", by: titania) }),
                ("timeZone", { try await world.chat.editProfile(bio: "new", timeZone: "../etc/passwd", by: titania) }),
                ("status", { try await world.chat.setStatus(emoji: "", text: "a\nb", seconds: nil, by: titania) }),
                ("status", { try await world.chat.setStatus(emoji: "", text: long, seconds: nil, by: titania) }),
                ("emoji", { try await world.chat.setStatus(emoji: "ab", text: "x", seconds: nil, by: titania) }),
                ("emoji", { try await world.chat.setStatus(emoji: "<", text: "x", seconds: nil, by: titania) }),
                ("seconds", { try await world.chat.setStatus(emoji: "", text: "x", seconds: 0, by: titania) }),
                ("seconds", { try await world.chat.setStatus(emoji: "", text: "x", seconds: .max, by: titania) }),
            ]
            for (field, act) in wrong {
                await #expect(
                    "\(field)", performing: { try await act() }, throws: { ($0 as? ChatError)?.field == field })
            }
            let view = try await world.chat.person("titania", for: titania)
            #expect(view.user.name == "titania" && view.profile == Profile())
        }
    }

    @Test("has emoji that are one to the eye", arguments: ["🌙", "👨‍👩‍👧", "🏳️‍🌈", "❤️", "1️⃣", "🇫🇷"])
    func emoji(text: String) async throws {
        try await World.with { world in
            let titania = try await world.person("titania")
            try await world.chat.setStatus(emoji: text, text: "", seconds: nil, by: titania)
            #expect(try await world.chat.profile(of: titania).status?.emoji == text)
        }
    }

    @Test("ends with the status's time")
    func over() {
        let status = PersonStatus(emoji: nil, text: "x", until: Timestamp(milliseconds: 1000))
        #expect(status.isOver(at: Timestamp(milliseconds: 1000)) && !status.isOver(at: Timestamp(milliseconds: 999)))
    }

    @Test("is nobody's to guests who share no room with them")
    func guests() async throws {
        try await World.with { world in
            let titania = try await world.person("titania")
            let guest = try await world.person("moth", role: .guest)
            for name in ["titania", "nobody"] {
                await #expect(
                    performing: { try await world.chat.person(name, for: guest) },
                    throws: { "\($0)" == "There is nobody called \(name)." && isRefusal(.userNotFound)($0) })
            }
            _ = try await world.chat.createRoom(name: "Lobby", by: titania)
            try await world.chat.invite("moth", to: "lobby", by: titania)
            let view = try await world.chat.person("titania", for: guest)
            #expect(view.sharedRooms.map(\.slug) == ["lobby"] && !view.canBeWrittenTo)
        }
    }

    @Test("knows the time zones of the system, and no links or files")
    func zones() {
        #expect(TimeZones.names.count > 300 && TimeZones.isKnown("Europe/Berlin") && TimeZones.isKnown("UTC"))
        #expect(!TimeZones.isKnown("europe/berlin") && !TimeZones.isKnown("") && !TimeZones.isKnown("GMT+1"))
    }
}
