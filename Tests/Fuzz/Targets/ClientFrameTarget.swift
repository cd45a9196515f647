import Foundation
import Model
import NIOCore
import Wire

/// A frame's text is understood or refused, and never anything else. Foundation's JSON reader is asked the same, so that
/// the two cannot differ about what the text says.
///
/// Input: a byte whose lowest bit tells whether the socket is for one room, and the text.
enum ClientFrameTarget {
    private static let errorCodes: Set<ChatError.Code> = [.invalidJSON, .unknownType, .missingField, .invalidField]
    /// What a client sent may be quoted in a reply, but not at length.
    private static let errorMessageBytesMax = 512

    static func run(_ input: [UInt8]) throws(Violation) {
        guard let settings = input.first else { return }
        let room = settings & 1 == 1 ? "lobby" : nil
        let text = input.dropFirst()
        let frame = Result { () throws(ClientFrameError) in
            try ClientFrame(decoding: ByteBuffer(bytes: text), room: room)
        }
        // Anything is a good answer to what is not UTF-8: such a frame never gets here.
        guard String(validating: text, as: UTF8.self) != nil else { return }
        let isRefused: Bool
        switch frame {
        case .success(let frame):
            isRefused = false
            try check(frame, text, socketRoom: room)
        case .failure(let refusal):
            isRefused = refusal.error.code == .invalidJSON
            try check(refusal)
        }
        try compareWithFoundation(text, isRefused: isRefused)
    }

    // MARK: What was understood

    private static func check(_ frame: ClientFrame, _ text: ArraySlice<UInt8>, socketRoom: String?) throws(Violation) {
        try check(frame.id)
        if case .command(.sendMessage(_, let message, _)) = frame.body { try checkEcho(of: message) }
        // Of a field that is there twice we take the last, Foundation the first.
        guard let fields = object(text), hasEachFieldOnce(text) else { return }
        switch frame.body {
        case .command(.sendMessage(let room, let message, let clientId)):
            try require(same(message, fields["message"]), "the message is another: \(message)")
            try require(same(room, socketRoom ?? fields["room"]), "the room is another: \(room)")
            if let clientId { try require(same(clientId, fields["clientId"]), "the clientId is another: \(clientId)") }
        case .command(.markRead(let room, let seq)):
            try require(same(room, socketRoom ?? fields["room"]), "the room is another: \(room)")
            try require(seq >= 0 && Double(seq) == fields["seq"] as? Double, "the seq is another: \(seq)")
        case .resume(let room, let position):
            try require(same(room, socketRoom ?? fields["room"]), "the room is another: \(room)")
            try require(same(position.epoch.text, fields["epoch"]), "the epoch is another: \(position.epoch)")
        case .typing(let room, let isActive):
            try require(same(room, socketRoom ?? fields["room"]), "the room is another: \(room)")
            try require(isActive == (fields["active"] as? Bool ?? true), "typing is another: \(isActive)")
        case .authenticate(let token):
            try require(same(token, fields["token"]), "the token is another: \(token)")
        case .ping:
            break
        }
    }

    private static func check(_ id: FrameID?) throws(Violation) {
        switch id {
        case .number(let number): try require(number.magnitude <= 1 << 53, "an id that is not exact: \(number)")
        case .text(let text): try require(text.unicodeScalars.count <= 64, "an id that is too long: \(text)")
        case nil: break
        }
        let reply = try payload(of: ServerFrame.ok(re: id, nil).framed())
        switch id {
        case .number(let number): try require(reply["re"] as? Int64 == number, "the reply is for \(reply)")
        case .text(let text): try require(same(text, reply["re"]), "the reply is for \(reply)")
        case nil: try require(reply["re"] is NSNull, "the reply is for \(reply)")
        }
    }

    private static func check(_ refusal: ClientFrameError) throws(Violation) {
        let error = refusal.error
        try require(errorCodes.contains(error.code), "a frame was refused with \(error.code)")
        try require(error.message.utf8.count <= errorMessageBytesMax, "\(error.message.utf8.count) bytes of refusal")
        try check(refusal.id)
        let reply = try payload(of: ServerFrame.error(re: refusal.id, error).framed())
        try require(same(error.message, reply["message"]), "the refusal reads \(reply)")
    }

    /// A text that came in goes out to others as it was.
    private static func checkEcho(of text: String) throws(Violation) {
        let message = Message(
            seq: 1, sender: Person(username: "puck", name: text), text: text, sentAt: Timestamp(milliseconds: 0),
            clientId: text)
        let frame = try payload(of: ServerFrame.chatMessage(room: "lobby", message).framed())
        let sent = frame["message"] as? [String: Any] ?? [:]
        let sender = sent["sender"] as? [String: Any] ?? [:]
        for copy in [sent["text"], sent["clientId"], sender["name"]] {
            try require(same(text, copy), "the message went out as \(String(describing: copy))")
        }
    }

    // MARK: Foundation

    private static func compareWithFoundation(_ bytes: ArraySlice<UInt8>, isRefused: Bool) throws(Violation) {
        // Foundation guesses at other encodings from these, and passes over a byte order mark; a frame is UTF-8.
        guard !bytes.contains(0), !bytes.starts(with: [0xEF, 0xBB, 0xBF]) else { return }
        guard isRefused == (object(bytes) != nil) else { return }
        let text = String(decoding: bytes, as: UTF8.self)
        if isRefused {
            // Foundation lets a comma follow the last value, and nests deeper than any frame does.
            let brackets = bytes.count { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") }
            try require(text.contains(/,\s*[}\]]/) || brackets > 60, "refused as no JSON object what is one")
        } else {
            // A number beyond every Double and half of a surrogate pair are JSON all the same (RFC 8259, sections 6
            // and 8.2); only a field with a meaning is refused for them.
            try require(
                text.contains(/[eE][+-]?\d{3}|\d{300}|\\u[dD][89a-fA-F]/), "understood what is no JSON object")
        }
    }

    private static func hasEachFieldOnce(_ bytes: ArraySlice<UInt8>) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        let names = ["type", "room", "message", "clientId", "seq", "epoch", "active", "token"]
        // A name can be written with escapes, too.
        return !text.contains("\\u00") && names.allSatisfy { text.split(separator: "\"\($0)\"").count <= 2 }
    }

    private static func object(_ text: ArraySlice<UInt8>) -> [String: Any]? {
        (try? JSONSerialization.jsonObject(with: Data(text))) as? [String: Any]
    }

    /// Scalar for scalar; `==` would take different spellings of a letter for the same.
    private static func same(_ text: String, _ value: Any?) -> Bool {
        (value as? String).map { $0.unicodeScalars.elementsEqual(text.unicodeScalars) } ?? false
    }

    private static func payload(of bytes: ByteBuffer) throws(Violation) -> [String: Any] {
        var bytes = bytes
        guard let frame = bytes.readWireFrame(), bytes.readableBytes == 0 else {
            throw Violation("a server frame is not one WebSocket frame")
        }
        try frame.checkFromServer(deflate: nil)
        guard let object = object(ArraySlice(frame.payload.readableBytesView)) else {
            throw Violation("a server frame is not a JSON object: \(String(buffer: frame.payload))")
        }
        return object
    }
}
