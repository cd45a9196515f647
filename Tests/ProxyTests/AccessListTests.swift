import Testing

@testable import Proxy

@Suite("An access list")
struct AccessListTests {
    private func list(allow: String = "", deny: String = "") -> AccessList {
        func ranges(_ text: String) -> [AddressRange] {
            text.split(separator: " ").flatMap { AccessList.ranges(String($0)) ?? [] }
        }
        return AccessList(allowed: ranges(allow), denied: ranges(deny))
    }

    @Test("that is empty lets everybody in, whoever they are")
    func open() {
        #expect(list().admits(IPAddress("203.0.113.9")))
        #expect(list().admits(nil))
        #expect(list().admitsNearby)
    }

    @Test(
        "lets in those whom it allows, unless it denies them",
        arguments: [
            ("198.51.100.7", true), ("198.51.100.66", false), ("203.0.113.9", false), ("2001:db8::1", true),
            ("2001:db9::1", false), ("127.0.0.1", true), ("::1", true), ("::ffff:198.51.100.7", true),
            ("::ffff:198.51.100.66", false),
        ])
    func allowed(address: String, isAdmitted: Bool) {
        let list = list(allow: "198.51.100.0/24 2001:db8::/32 loopback", deny: "198.51.100.64/26")
        #expect(list.admits(IPAddress(address)) == isAdmitted)
    }

    @Test("keeps out those whom it denies, and nobody else where it allows nobody by name")
    func denied() {
        let list = list(deny: "203.0.113.0/24")
        #expect(!list.admits(IPAddress("203.0.113.9")))
        #expect(list.admits(IPAddress("198.51.100.7")))
    }

    @Test("keeps out whoever it knows no address of, whatever it has")
    func unknown() {
        #expect(!list(allow: "0.0.0.0/0 ::/0").admits(nil))
        #expect(!list(deny: "203.0.113.0/24").admits(nil))
    }

    @Test(
        "tells whether the operator's own machine or network gets in",
        arguments: [
            ("203.0.113.9", "", false), ("203.0.113.9 loopback", "", true), ("192.168.7.0/24", "", true),
            ("0.0.0.0/0", "", true), ("", "203.0.113.9", true), ("", "loopback private", false),
            ("", "127.0.0.0/8", true),
        ])
    func nearby(allow: String, deny: String, isAdmitted: Bool) {
        #expect(list(allow: allow, deny: deny).admitsNearby == isAdmitted)
    }

    @Test(
        "guards whole areas, so that what is new in one is guarded by itself",
        arguments: [
            ("/admin", GuardedArea.admin), ("/admin/", .admin), ("//admin//people/", .admin),
            ("/admin/new/page", .admin),
            ("/accounts/login/", .signIn), ("/accounts/login/code", .signIn), ("/accounts/reset/?x=/admin", .signIn),
            ("/api/auth/login/", .signIn), ("/api/auth/refresh", .signIn), ("/auth/google/callback/?code=1", .signIn),
            ("/setup?token=1", .signIn), ("/password/new/?token=1", .signIn), ("/ws", .socket),
            ("/ws/chat/lobby/", .socket), ("/api/events/", .socket),
            ("/api/events/abc", .socket),
        ])
    func areas(path: String, area: GuardedArea) {
        #expect(GuardedArea(path: path) == area)
    }

    @Test(
        "keeps nobody from signing out, or from what is no area of its own",
        arguments: [
            "/", "", "/accounts/logout/", "/api/auth/logout/", "/api/auth/me/", "/api/auth/ws-ticket", "/rooms/",
            "/chat/admin/", "/static/x/admin.css", "/api/rooms/", "/administer", "/profile/?next=/admin",
        ])
    func open(path: String) {
        #expect(GuardedArea(path: path) == nil)
    }
}
