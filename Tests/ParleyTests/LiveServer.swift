import Auth
import Foundation
import Logging
import Model
import NIOCore
import NIOPosix
import ServiceLifecycle
import Testing

@testable import parley

/// The real server on a free port, with a data directory of its own.
struct LiveServer {
    let port: Int
    let core: Core
    private let group: ServiceGroup

    static func with(_ body: @Sendable (LiveServer) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("parley-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let web = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../web")
            .standardized
        let flags = [
            "listen": "127.0.0.1:0", "data-dir": directory, "public-url": "http://localhost", "web-dir": web.path,
            "password-memory-kib": "1024", "settings-file": "",
        ]
        let settings = try Settings(await SettingsSources(flags: flags, environment: [:]))
        let (ports, ready) = AsyncStream.makeStream(of: Int.self)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let app = try await ServerApp(settings, logger: logger) { ready.yield($0) }
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: app.services, logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            await app.waitUntilReady()
            guard let port = await ports.first(where: { _ in true }) else { return }
            let server = LiveServer(port: port, core: app.core, group: group)
            do {
                try await body(server)
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    func shutDown() async {
        await group.triggerGracefulShutdown()
    }

    /// Makes an account and signs in.
    func accessToken(_ username: String) async throws -> String {
        let user = try await core.authenticator.register(username: username, name: nil, password: "faerie123")
        return try await core.authenticator.openAPISession(for: user).access
    }

    /// A connection of raw bytes.
    func connect(_ body: (RawConnection) async throws -> Void) async throws {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        try await channel.executeThenClose { inbound, outbound in
            try await body(RawConnection(iterator: inbound.makeAsyncIterator(), outbound: outbound))
        }
    }
}

/// Sends bytes, and reads until what it waits for is there.
final class RawConnection {
    private var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var received = ByteBuffer()

    init(
        iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.iterator = iterator
        self.outbound = outbound
    }

    func send(_ text: String) async throws {
        try await outbound.write(ByteBuffer(string: text.replacing("\n", with: "\r\n")))
    }

    func send(frame opcode: UInt8, _ payload: String) async throws {
        // A mask of zeros is a mask, and leaves the bytes as they are.
        var frame = ByteBuffer(bytes: [0x80 | opcode, 0x80 | UInt8(payload.utf8.count), 0, 0, 0, 0])
        frame.writeString(payload)
        try await outbound.write(frame)
    }

    /// The head of a response, and its body where it says how long that is.
    func response() async throws -> String {
        while true {
            let text = String(decoding: received.readableBytesView, as: UTF8.self)
            if let end = text.range(of: "\r\n\r\n") {
                let head = text[..<end.lowerBound]
                let length =
                    head.lowercased().firstMatch(of: /content-length: ([0-9]+)/).flatMap { Int($0.output.1) } ?? 0
                let whole = text[..<end.upperBound].utf8.count + length
                if received.readableBytes >= whole { return received.readString(length: whole) ?? "" }
            }
            guard try await more() else { return String(decoding: received.readableBytesView, as: UTF8.self) }
        }
    }

    /// The next frame: its first byte, and its payload.
    func frame() async throws -> (UInt8, String)? {
        while true {
            var rest = received
            if let first = rest.readInteger(as: UInt8.self), let second = rest.readInteger(as: UInt8.self),
                let length = second < 126 ? Int(second) : rest.readInteger(as: UInt16.self).map(Int.init),
                let payload = rest.readString(length: length)
            {
                received = rest
                // Who comes and goes is told at any time.
                if payload.contains(#""type":"presence""#) { continue }
                return (first, payload)
            }
            guard try await more() else { return nil }
        }
    }

    var hasEnded: Bool {
        get async throws { try await !more() }
    }

    private func more() async throws -> Bool {
        guard var bytes = try await iterator.next() else { return false }
        received.writeBuffer(&bytes)
        return true
    }
}
