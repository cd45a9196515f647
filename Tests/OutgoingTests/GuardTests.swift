import Foundation
import HTTPTypes
import Model
import NIOHTTP1
import NIOSSL
import Proxy
import Testing

@testable import Outgoing

@Suite("The guard of our own networks")
struct GuardTests {
    @Test(
        "Whatever leads to this machine is refused before anything is sent, however it is written",
        arguments: [
            "127.0.0.1", "localhost", "0x7f.1", "2130706433", "0177.0.0.1", "127.1", "0", "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]", "LOCALHOST",
        ])
    func loopback(host: String) async throws {
        try await TestServer.with { _ in
            .init()
        } _: { server in
            let address = try HTTPAddress("http://\(host):\(server.port)/")
            let error = await #expect(throws: HTTPFetchError.self) {
                try await HTTPFetch.test(.publicOnly)(.init(.get, address))
            }
            guard case .addressRefused(let refused) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(!refused.isGlobal)
            #expect(server.connectionCount == 0)
        }
    }

    @Test("It looks again at each redirect, with the address that is connected to")
    func redirect() async throws {
        try await TestServer.with(host: "127.0.0.2") { _ in
            .init(body: "secret")
        } _: { inner in
            let port = inner.port
            try await TestServer.with { _ in
                .init(status: .found, headers: [("Location", "http://127.0.0.2:\(port)/")])
            } _: { outer in
                var request = HTTPFetch.Request(.get, try HTTPAddress("http://127.0.0.1:\(outer.port)/"))
                request.redirectsMax = 5
                let allowed = try #require(IPAddress("127.0.0.1"))
                let fetch = HTTPFetch.test(AddressPolicy { $0 == allowed })
                let refused = try #require(IPAddress("127.0.0.2"))
                await #expect(throws: HTTPFetchError.addressRefused(refused)) { try await fetch(request) }
                #expect(outer.connectionCount == 1 && inner.connectionCount == 0)
                #expect(try await fetch.with(.any)(request).body == Data("secret".utf8))
            }
        }
    }

    @Test("A connection that one policy allowed is not there for another")
    func noReuse() async throws {
        try await TestServer.with { _ in
            .init()
        } _: { server in
            let fetch = HTTPFetch.test(.any)
            let address = try HTTPAddress("http://127.0.0.1:\(server.port)/")
            for _ in 0..<3 { _ = try await fetch(.init(.get, address)) }
            #expect(server.connectionCount == 3)
            await #expect(throws: HTTPFetchError.self) { try await fetch.with(.publicOnly)(.init(.get, address)) }
            #expect(server.connectionCount == 3)
        }
    }
}

@Suite("TLS to other servers")
struct OutgoingTLSTests {
    private func context(_ newest: TLSVersion = .tlsv13) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(TestCertificate.certificate.utf8))
                .map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(TestCertificate.key.utf8), format: .pem)))
        configuration.minimumTLSVersion = .tlsv1
        configuration.maximumTLSVersion = newest
        return try NIOSSLContext(configuration: configuration)
    }

    private func withAuthorities(_ body: (String) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("authority-\(UUID()).pem").path
        try TestCertificate.certificate.write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }

    private func isNotSecure(_ error: any Error) -> Bool {
        if case .notSecure = error as? HTTPFetchError { true } else { false }
    }

    @Test("A certificate counts where it is trusted and of that name, and nowhere else")
    func certificates() async throws {
        try await TestServer.with(tls: context()) { _ in
            .init(body: "secret")
        } _: { server in
            try await withAuthorities { authorities in
                let good = try HTTPAddress("https://localhost:\(server.port)/")
                let other = try HTTPAddress("https://127.0.0.1:\(server.port)/")
                let trusting = HTTPFetch.test(authorities: authorities)
                #expect(try await trusting(.init(.get, good)).body == Data("secret".utf8))
                await #expect(performing: { try await trusting(.init(.get, other)) }, throws: isNotSecure)
                await #expect(performing: { try await HTTPFetch.test()(.init(.get, good)) }, throws: isNotSecure)
                #expect(server.asked.count == 1)
            }
        }
    }

    @Test("A server that knows nothing newer than TLS 1.1 is not talked to")
    func versions() async throws {
        try await withAuthorities { authorities in
            for (newest, isTaken) in [(TLSVersion.tlsv11, false), (.tlsv12, true)] {
                try await TestServer.with(tls: context(newest)) { _ in
                    .init()
                } _: { server in
                    let request = HTTPFetch.Request(.get, try HTTPAddress("https://localhost:\(server.port)/"))
                    let fetch = HTTPFetch.test(authorities: authorities)
                    if isTaken {
                        #expect(try await fetch(request).status == .ok)
                    } else {
                        await #expect(performing: { try await fetch(request) }, throws: isNotSecure)
                    }
                }
            }
        }
    }

    @Test("From https no redirect leads to http")
    func downgrade() async throws {
        try await TestServer.with { _ in
            .init()
        } _: { plain in
            let port = plain.port
            try await TestServer.with(tls: context()) { _ in
                .init(status: .found, headers: [("Location", "http://127.0.0.1:\(port)/")])
            } _: { server in
                try await withAuthorities { authorities in
                    var request = HTTPFetch.Request(.get, try HTTPAddress("https://localhost:\(server.port)/"))
                    request.redirectsMax = 1
                    let fetch = HTTPFetch.test(authorities: authorities)
                    await #expect(throws: HTTPFetchError.badAddress("It leads to no web address.")) {
                        try await fetch(request)
                    }
                    #expect(plain.connectionCount == 0)
                }
            }
        }
    }
}
