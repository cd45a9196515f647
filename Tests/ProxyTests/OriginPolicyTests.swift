import Testing

@testable import Proxy

@Suite("The public URL")
struct PublicURLTests {
    @Test(
        "gives its origin without the scheme's own port",
        arguments: [
            ("http://localhost:8080", "http://localhost:8080"),
            ("https://Chat.Example.com/", "https://chat.example.com"),
            ("https://chat.example.com:443", "https://chat.example.com"),
            ("http://chat.example.com:80", "http://chat.example.com"),
            ("https://chat.example.com:8443", "https://chat.example.com:8443"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ])
    func origin(text: String, origin: String) throws {
        #expect(try #require(PublicURL(text)).origin == origin)
    }

    @Test(
        "is refused where it is not one",
        arguments: [
            "", "chat.example.com", "ftp://chat.example.com", "https://", "https://a.example//chat",
            "https://a.example/a b", "https://a.example/..", "https://a.example/%2e", "https://u:p@a.example",
            "https://a.example?x", "https://a.example#x", "https://a.example:99999", "null", "javascript:alert(1)",
        ])
    func refused(text: String) {
        #expect(PublicURL(text) == nil)
    }

    @Test(
        "may have a path, which all links begin with",
        arguments: [
            ("https://a.example/chat", "/chat"), ("https://a.example/chat/", "/chat"), ("https://a.example", ""),
            ("https://a.example/team/chat.v2/", "/team/chat.v2"),
        ])
    func path(text: String, path: String) throws {
        let url = try #require(PublicURL(text))
        #expect(url.path == path)
        #expect(url.link("/chat/lobby/") == "https://a.example\(path)/chat/lobby/")
        #expect(url.origin == "https://a.example")
    }

    @Test("of the machine itself has all of its names")
    func local() throws {
        let url = try #require(PublicURL("http://127.0.0.1:8080"))
        #expect(url.isLocal)
        #expect(url.ownOrigins == ["http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080"])
        #expect(url.ownSocketOrigins == ["ws://localhost:8080", "ws://127.0.0.1:8080"])
        #expect(PublicURL("https://localhost.example.com")?.isLocal == false)
    }
}

@Suite("Who may act for a signed-in person")
struct OriginPolicyTests {
    private let policy: OriginPolicy

    init() throws {
        policy = OriginPolicy(
            publicURL: try #require(PublicURL("https://chat.example.com")),
            allowing: [try #require(PublicURL("https://app.example.com"))])
    }

    @Test(
        "Our own pages and those that the operator names, nobody else",
        arguments: [
            ("https://chat.example.com", true), ("https://app.example.com", true),
            ("https://chat.example.com:443", true),
            ("HTTPS://CHAT.EXAMPLE.COM", true), ("http://chat.example.com", false),
            ("https://chat.example.com:8443", false),
            ("https://chat.example.com/chat", false), ("https://chat.example.com.evil.example", false),
            ("https://evil.example", false), ("null", false),
            ("", false),
        ])
    func allows(origin: String, isAllowed: Bool) {
        #expect(policy.allows(origin) == isAllowed)
    }

    @Test("A socket without an Origin is not from a page")
    func missingOrigin() {
        #expect(!policy.allows(nil))
    }

    @Test(
        "A form is judged by Sec-Fetch-Site before Origin, and is open where a browser tells neither",
        arguments: [
            ("same-origin", "https://evil.example", OriginPolicy.Verdict.ours), ("same-origin", nil, .ours),
            ("none", nil, .ours), ("cross-site", nil, .foreign), ("cross-site", "https://evil.example", .foreign),
            ("same-site", "https://app.example.com", .ours), ("same-site", "https://other.example.com", .foreign),
            (nil, "https://chat.example.com", .ours), (nil, "https://evil.example", .foreign), (nil, "null", .foreign),
            (nil, nil, .unknown),
        ] as [(String?, String?, OriginPolicy.Verdict)])
    func verdict(site: String?, origin: String?, verdict: OriginPolicy.Verdict) {
        #expect(policy.verdict(secFetchSite: site, origin: origin) == verdict)
    }
}
