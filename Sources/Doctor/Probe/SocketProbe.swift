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
        let nonce = UUID().uuidString
        let upgrade = [
            ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", Data((0..<16).map { _ in UInt8.random(in: .min ... .max) }).base64EncodedString()),
        ]
        let request = request("GET", path, upgrade + headers, nonce: nonce, connection: nil)
        do {
            return try await withTimeout((holding ?? .zero) + .seconds(10)) {
                let line = try await open(asPublic: true, verifies: false)
                return try await line.executeThenClose { inbound, outbound in
                    try await outbound.write(ByteBuffer(bytes: request))
                    var pieces = inbound.makeAsyncIterator()
                    var parser = ResponseParser()
                    var answer: Answer?
                    while answer == nil {
                        guard let piece = try await pieces.next() else { break }
                        parser.append(piece.readableBytesView)
                        answer = try self.answer(&parser, line, nonce, "GET", isOver: false)
                    }
                    if answer == nil { answer = try self.answer(&parser, line, nonce, "GET", isOver: true) }
                    guard let answer else { throw ProbeFault.unreachable("the connection ended without an answer") }
                    guard answer.status == 101, let head = try parser.head() else {
                        return SocketOpening(answer: answer, report: nil, relays: false, endedAfter: nil)
                    }
                    var frames = Array(parser.bytes[head.length...])
                    let word = Array("parley-doctor".utf8)
                    try await outbound.write(ByteBuffer(bytes: Self.frame(0x1, word)))
                    var report: Data?
                    var relays = false
                    while !relays {
                        while let (opcode, payload) = Self.takeFrame(&frames) {
                            guard opcode == 0x1 else { continue }
                            if payload == word { relays = true } else { report = Data(payload) }
                        }
                        if relays { break }
                        guard let piece = try await pieces.next() else { break }
                        frames += piece.readableBytesView
                    }
                    guard relays, let holding else {
                        return SocketOpening(answer: answer, report: report, relays: relays, endedAfter: nil)
                    }
                    let begun = ContinuousClock.now
                    let writing = Task {
                        while let pinging {
                            try await Task.sleep(for: pinging)
                            try await outbound.write(ByteBuffer(bytes: Self.frame(0x9, [])))
                        }
                    }
                    let ending = Task {
                        try await Task.sleep(for: holding)
                        line.channel.close(promise: nil)
                    }
                    defer {
                        writing.cancel()
                        ending.cancel()
                    }
                    while let piece = try? await pieces.next() { _ = piece }
                    let lasted = ContinuousClock.now - begun
                    return SocketOpening(
                        answer: answer, report: report, relays: relays, endedAfter: lasted < holding ? lasted : nil)
                }
            }
        } catch let fault as ProbeFault {
            throw fault
        } catch {
            throw Line.fault(error)
        }
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
