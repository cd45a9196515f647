import Foundation
import NIOCore

/// What came of asking for a WebSocket.
struct SocketOpening: Sendable {
    let answer: Answer
    /// What the server says that it saw; `nil` where nothing came through, or it was not this server.
    let report: Data?
    /// Whether a message came back.
    let relays: Bool
    /// How long it stayed open; `nil` where that was not waited for, or it was still open in the end.
    let endedAfter: Duration?
}

extension Probe {
    /// Opens a socket, sends a message and waits for it to come back; then waits for its end.
    ///
    /// - Parameters:
    ///   - holding: for so long.
    ///   - pinging: with a ping every so often; `nil` for silence.
    func openSocket(
        _ headers: [(String, String)] = [], path: String = "/ws", holding: Duration? = nil, pinging: Duration? = nil
    ) async throws(ProbeFault) -> SocketOpening {
        do {
            return try await withTimeout((holding ?? .zero) + .seconds(10)) {
                let line = try await open(asPublic: true, verifies: false)
                return try await line.executeThenClose { inbound, outbound in
                    var pieces = inbound.makeAsyncIterator()
                    let (answer, rest) = try await shakeHands(headers, path, line, &pieces, outbound)
                    guard let rest else {
                        return SocketOpening(answer: answer, report: nil, relays: false, endedAfter: nil)
                    }
                    let (report, relays) = try await Self.hearEcho(rest, &pieces, outbound)
                    var endedAfter: Duration?
                    if relays, let holding {
                        endedAfter = await Self.hold(line, for: holding, pinging: pinging, &pieces, outbound)
                    }
                    return SocketOpening(answer: answer, report: report, relays: relays, endedAfter: endedAfter)
                }
            }
        } catch let fault as ProbeFault {
            throw fault
        } catch {
            throw Line.fault(error)
        }
    }

    private typealias Pieces = NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private typealias Writer = NIOAsyncChannelOutboundWriter<ByteBuffer>

    /// - Returns: the answer, and what came behind it where it was a 101.
    private func shakeHands(
        _ headers: [(String, String)], _ path: String, _ line: Line.Bytes, _ pieces: inout Pieces, _ outbound: Writer
    ) async throws -> (Answer, rest: [UInt8]?) {
        let nonce = UUID().uuidString
        let upgrade = [
            ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", Data((0..<16).map { _ in UInt8.random(in: .min ... .max) }).base64EncodedString()),
        ]
        try await outbound.write(
            ByteBuffer(bytes: request("GET", path, upgrade + headers, nonce: nonce, connection: nil)))
        let localPort = line.channel.localAddress?.port
        var parser = ResponseParser()
        var answer: Answer?
        while answer == nil, let piece = try await pieces.next() {
            parser.append(piece.readableBytesView)
            answer = try self.answer(&parser, localPort, nonce, "GET", isOver: false)
        }
        if answer == nil { answer = try self.answer(&parser, localPort, nonce, "GET", isOver: true) }
        guard let answer else { throw ProbeFault.unreachable("the connection ended without an answer") }
        guard answer.status == 101, let head = try parser.head() else { return (answer, nil) }
        return (answer, Array(parser.bytes[head.length...]))
    }

    /// Sends a word, and waits until it comes back; what the server says of itself comes before.
    private static func hearEcho(
        _ begun: [UInt8], _ pieces: inout Pieces, _ outbound: Writer
    ) async throws -> (report: Data?, relays: Bool) {
        let word = Array("parley-doctor".utf8)
        try await outbound.write(ByteBuffer(bytes: frame(0x1, word)))
        var frames = begun
        var report: Data?
        while true {
            while let (opcode, payload) = takeFrame(&frames) {
                guard opcode == 0x1 else { continue }
                if payload == word { return (report, true) }
                report = Data(payload)
            }
            guard let piece = try await pieces.next() else { return (report, false) }
            frames += piece.readableBytesView
        }
    }

    /// - Returns: how long it stayed open; `nil` where it was still open in the end.
    private static func hold(
        _ line: Line.Bytes, for holding: Duration, pinging: Duration?, _ pieces: inout Pieces, _ outbound: Writer
    ) async -> Duration? {
        let begun = ContinuousClock.now
        let channel = line.channel
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await Task.sleep(for: holding)
                channel.close(promise: nil)
            }
            if let pinging {
                group.addTask {
                    while true {
                        try await Task.sleep(for: pinging)
                        try await outbound.write(ByteBuffer(bytes: frame(0x9, [])))
                    }
                }
            }
            while (try? await pieces.next()) != nil {}
            group.cancelAll()
        }
        let lasted = ContinuousClock.now - begun
        return lasted < holding ? lasted : nil
    }

    /// A client's frame (RFC 6455, section 5.2): masked, with a mask of zeros, since nothing here is secret.
    private static func frame(_ opcode: UInt8, _ payload: [UInt8]) -> [UInt8] {
        precondition(payload.count < 126, "only short ones are sent")
        return [0x80 | opcode, 0x80 | UInt8(payload.count), 0, 0, 0, 0] + payload
    }

    /// The first whole frame from a server.
    private static func takeFrame(_ bytes: inout [UInt8]) -> (opcode: UInt8, payload: [UInt8])? {
        guard bytes.count >= 2 else { return nil }
        var length = Int(bytes[1] & 0x7F)
        var start = 2
        if length == 126 {
            guard bytes.count >= 4 else { return nil }
            length = Int(bytes[2]) << 8 | Int(bytes[3])
            start = 4
        } else if length == 127 {
            return nil
        }
        guard bytes.count >= start + length else { return nil }
        let frame = (bytes[0] & 0xF, Array(bytes[start..<(start + length)]))
        bytes.removeFirst(start + length)
        return frame
    }
}
