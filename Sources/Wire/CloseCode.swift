/// Why the server closed a socket (docs/protocol.md, "Close codes"). The hundred tells the client what to do:
/// 40xx retry, 41xx sign in again, 42xx stop.
package enum CloseCode: UInt16, Sendable, CaseIterable {
    case normal = 1000
    case goingAway = 1001
    case protocolError = 1002
    case unsupportedData = 1003
    case invalidPayload = 1007
    case policyViolation = 1008
    case messageTooBig = 1009
    case internalError = 1011

    case slowReader = 4000
    case pingTimeout = 4001

    case authenticationTimeout = 4100
    case tokenInvalid = 4101
    case tokenExpired = 4102
    case sessionEnded = 4103
    case credentialsMissing = 4104

    case accountDisabled = 4200
    case roomLeft = 4201
    case tooManySockets = 4202

    /// The name in the close frame's reason. Part of the contract, like the number.
    package var name: String {
        switch self {
        case .normal: "normal"
        case .goingAway: "going_away"
        case .protocolError: "protocol_error"
        case .unsupportedData: "unsupported_data"
        case .invalidPayload: "invalid_payload"
        case .policyViolation: "policy_violation"
        case .messageTooBig: "message_too_big"
        case .internalError: "internal_error"
        case .slowReader: "slow_reader"
        case .pingTimeout: "ping_timeout"
        case .authenticationTimeout: "authentication_timeout"
        case .tokenInvalid: "token_invalid"
        case .tokenExpired: "token_expired"
        case .sessionEnded: "session_ended"
        case .credentialsMissing: "credentials_missing"
        case .accountDisabled: "account_disabled"
        case .roomLeft: "room_left"
        case .tooManySockets: "too_many_sockets"
        }
    }
}
