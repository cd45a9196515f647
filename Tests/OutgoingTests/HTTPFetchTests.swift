import Foundation
import HTTPTypes
import Model
import NIOHTTP1
import Proxy
import Testing

@testable import Outgoing

extension HTTPFetch {
    static func test(_ addresses: AddressPolicy = .any, authorities: String? = nil) -> HTTPFetch {
        HTTPFetch(addresses: addresses, authorities: authorities, userAgent: "Parley/test")
    }
}

@Suite("Asking other servers")
struct HTTPFetchTests {
    private func address(_ server: TestServer, _ path: String = "/", host: String = "127.0.0.1") throws -> HTTPAddress {
        try HTTPAddress("http://\(host):\(server.port)\(path)")
    }

    @Test("gets the status, the headers and the body")
    func get() async throws {
        try await TestServer.with { _ in
            .init(status: .notFound, headers: [("X-A", "one"), ("X-A", "two"), ("X-B", " c ")], body: "Grüße")
        } _: { server in
            let response = try await HTTPFetch.test()(.init(.get, address(server, "/a?b=c#d")))
            #expect(response.status == .notFound && String(decoding: response.body, as: UTF8.self) == "Grüße")
            let (several, single) = (try #require(HTTPField.Name("x-a")), try #require(HTTPField.Name("x-b")))
            #expect(response.fields[values: several] == ["one", "two"] && response.fields[single] == "c")
            let asked = try #require(server.asked.first)
            #expect(asked.head.uri == "/a?b=c" && asked.head.method == .GET && asked.body.isEmpty)
            #expect(asked.head.headers["User-Agent"] == ["Parley/test"])
        }
    }

    @Test("sends method, headers and body as they are", arguments: ["POST", "PUT", "PATCH", "DELETE"])
    func send(method: String) async throws {
        try await TestServer.with { _ in
            .init(status: .created)
        } _: { server in
            let body = "{\"a\":\"\\u0000\"}" + String(repeating: "x", count: 300_000)
            var request = HTTPFetch.Request(
                try #require(.init(method)), try address(server),
                fields: [.contentType: "application/json", .authorization: "Bearer abc"], body: Data(body.utf8))
            let response = try await HTTPFetch.test()(request)
            #expect(response.status == .created)
            request.body = nil
            request.fields = [:]
            _ = try await HTTPFetch.test()(request)
            let (first, second) = (try #require(server.asked.first), try #require(server.asked.last))
            #expect(first.head.method.rawValue == method && first.body == body)
            #expect(first.head.headers["Content-Type"] == ["application/json"])
            #expect(first.head.headers["Authorization"] == ["Bearer abc"] && first.head.headers["Expect"].isEmpty)
            #expect(second.head.method.rawValue == method && second.body.isEmpty)
            #expect(second.head.headers["Content-Type"].isEmpty)
        }
    }

    @Test("asks for the head alone")
    func head() async throws {
        try await TestServer.with { _ in
            .init(body: "x")
        } _: { server in
            let response = try await HTTPFetch.test()(.init(.head, address(server)))
            #expect(response.status == .ok && response.body.isEmpty)
        }
    }

    @Test("has no way to put a header, or a request, into a value")
    func injection() async throws {
        try await TestServer.with { _ in
            .init()
        } _: { server in
            let name = try #require(HTTPField.Name("X-A"))
            let fields: HTTPFields = [name: "a\r\nX-B: c\r\n\r\nGET / HTTP/1.1\r\n\r\n"]
            _ = try await HTTPFetch.test()(.init(.get, address(server), fields: fields))
            #expect(server.asked.count == 1 && server.asked.first?.head.headers["X-B"].isEmpty == true)
        }
    }

    @Test("stops at a body or headers that are too long, and says so")
    func tooLarge() async throws {
        try await TestServer.with { asked in
            asked.head.uri == "/body"
                ? .init(body: String(repeating: "x", count: 1001))
                : .init(headers: (0..<20).map { ("X-\($0)", String(repeating: "x", count: 4000)) })
        } _: { server in
            var request = HTTPFetch.Request(.get, try address(server, "/body"))
            request.bodyBytesMax = 1001
            #expect(try await HTTPFetch.test()(request).body.count == 1001)
            request.bodyBytesMax = 1000
            await #expect(throws: HTTPFetchError.tooLarge(bytesMax: 1000)) { try await HTTPFetch.test()(request) }
            request.address = try address(server, "/head")
            await #expect(throws: HTTPFetchError.broken("its headers are too long")) {
                try await HTTPFetch.test()(request)
            }
        }
    }

    @Test(
        "ends when its time is over, or nobody waits for it any more; the server is let go", .timeLimit(.minutes(5)))
    func ends() async throws {
        try await TestServer.with { _ in
            .init(isMissing: true)
        } _: { server in
            var request = HTTPFetch.Request(.get, try address(server))
            request.time = .milliseconds(200)
            await #expect(throws: HTTPFetchError.timedOut) { try await HTTPFetch.test()(request) }
            var ended = server.ended.makeAsyncIterator()
            await ended.next()

            request.time = .seconds(60)
            let patient = request
            let task = Task { try await HTTPFetch.test()(patient) }
            var asking = server.asking.makeAsyncIterator()
            await asking.next()
            await asking.next()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            await ended.next()

            let late = Task { try await HTTPFetch.test()(patient) }
            late.cancel()
            await #expect(throws: CancellationError.self) { try await late.value }
        }
    }

    @Test("says that there is no such name, or that nobody answers")
    func nobody() async throws {
        let fetch = HTTPFetch.test()
        await #expect(throws: HTTPFetchError.unresolvable) {
            try await fetch(.init(.get, HTTPAddress("http://nobody.invalid/")))
        }
        var port = 0
        try await TestServer.with { _ in
            .init()
        } _: {
            port = $0.port
        }
        let gone = try HTTPAddress("http://127.0.0.1:\(port)/")
        await #expect(throws: HTTPFetchError.unreachable) { try await fetch(.init(.get, gone)) }
    }

    @Test("follows redirects only when asked to, so many, and never to another scheme")
    func redirects() async throws {
        try await TestServer.with { asked in
            switch asked.head.uri {
            case "/end": .init(headers: [("X-End", "1")], body: "there")
            case "/file": .init(status: .found, headers: [("Location", "file:///etc/hostname")])
            case "/loop": .init(status: .found, headers: [("Location", "/loop")])
            default: .init(status: .found, headers: [("Location", "/end"), ("X-First", "1")])
            }
        } _: { server in
            let fetch = HTTPFetch.test()
            var request = HTTPFetch.Request(.get, try address(server))
            #expect(try await fetch(request).status == .found)
            request.redirectsMax = 2
            let response = try await fetch(request)
            #expect(response.status == .ok && String(decoding: response.body, as: UTF8.self) == "there")
            let (last, first) = (try #require(HTTPField.Name("X-End")), try #require(HTTPField.Name("X-First")))
            #expect(response.fields[last] == "1" && response.fields[first] == nil)
            request.address = try address(server, "/loop")
            await #expect(throws: HTTPFetchError.tooManyRedirects) { try await fetch(request) }
            request.address = try address(server, "/file")
            await #expect(throws: HTTPFetchError.badAddress("It leads to no web address.")) { try await fetch(request) }
        }
    }

    @Test("does many at once, more than have room at a time")
    func many() async throws {
        try await TestServer.with {
            .init(body: $0.head.uri)
        } _: { server in
            let fetch = HTTPFetch.test()
            let bodies = try await withThrowingTaskGroup(of: String.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let address = try HTTPAddress("http://127.0.0.1:\(server.port)/\(number)")
                        return String(decoding: try await fetch(.init(.get, address)).body, as: UTF8.self)
                    }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(bodies == Set((0..<200).map { "/\($0)" }))
        }
    }
}

@Suite("An address to fetch")
struct HTTPAddressTests {
    @Test("is https or http, with a host, and without a password or a fragment")
    func taken() throws {
        #expect(try HTTPAddress("https://example.com/a?b#c").description == "https://example.com/a?b")
        #expect(try HTTPAddress("HTTP://example.com").description == "http://example.com/")
        #expect(try HTTPAddress("https://example.com/").isSecure)
    }

    @Test(
        "is refused where it is anything else",
        arguments: [
            "", "example.com", "//example.com", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/",
            "https://", "https://user@example.com/", "https://user:pass@example.com/",
            "https://example.com/ a", "https://example.com/\r\nX: y", "https://exämple.com/",
            "https://example.com:99999/",
            "javascript:alert(1)", "dict://127.0.0.1:11211/", "https://a/" + String(repeating: "a", count: 2048),
        ])
    func refused(text: String) {
        #expect(throws: HTTPFetchError.self) { try HTTPAddress(text) }
    }
}
