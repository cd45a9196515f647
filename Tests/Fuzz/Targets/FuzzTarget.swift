/// A way from bytes that anybody may send into the server's code, with what has to hold there whatever they are.
///
/// `make fuzz` runs these with bytes that libFuzzer makes up (Fuzzer/LibFuzzer.swift); the Swift tests run them with
/// the files of `corpus/`, where every case that was ever found stays.
package enum FuzzTarget: String, CaseIterable, Sendable {
    /// The text of one frame from a client.
    case clientFrame = "client-frame"
    /// What a socket reads, in pieces, and what happens to it meanwhile.
    case socket
    /// The same where compression was agreed on.
    case compressedSocket = "compressed-socket"
    /// What a connection reads: a request for a socket, and what follows on it.
    case connection
    /// What a request says of the proxies that it came through.
    case visitor
    /// What a browser sends of a passkey or a security key, or any part of it.
    case webauthn

    /// - Throws: what did not hold.
    package func run(_ input: [UInt8]) throws(Violation) {
        switch self {
        case .clientFrame: try ClientFrameTarget.run(input)
        case .socket: try SocketTarget.run(input, isCompressed: false)
        case .compressedSocket: try SocketTarget.run(input, isCompressed: true)
        case .visitor: try VisitorTarget.run(input)
        case .webauthn: try WebAuthnTarget.run(input)
        case .connection: try ConnectionTarget.run(input)
        }
    }
}

/// Something that has to hold and did not.
package struct Violation: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

func require(_ condition: Bool, _ sentence: @autoclosure () -> String) throws(Violation) {
    if !condition { throw Violation(sentence()) }
}
