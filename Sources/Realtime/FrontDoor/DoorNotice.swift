import Logging
package import Model

/// Something about the proxies, or about where requests are sent, that the operator should know.
package struct DoorNotice: Sendable {
    package enum Kind: String, CaseIterable, Hashable, Sendable {
        /// Headers of a proxy came from somebody who is not in `trusted-proxies`.
        case untrustedProxy
        /// A trusted proxy did not say whom it speaks for.
        case silentProxy
        /// A request named a host that is not ours.
        case unknownHost
        /// A page from elsewhere sent a form or asked for a socket.
        case refusedOrigin
        /// An access list keeps somebody out.
        case refusedAddress
        /// A connection did not begin as the setting `proxy-protocol`, or TLS, wants it.
        case preamble

        package var sentence: String {
            switch self {
            case .untrustedProxy: "headers of a proxy that is not trusted are ignored"
            case .silentProxy: "a trusted proxy does not say whom it speaks for"
            case .unknownHost: "a request for another host was refused"
            case .refusedOrigin: "a request from another page was refused"
            case .refusedAddress: "an access list kept somebody out"
            case .preamble: "a connection did not begin as it has to"
            }
        }

        /// How loud the log says it. Each may be a stranger's doing; a refused page mostly is.
        var level: Logger.Level {
            switch self {
            case .refusedOrigin, .refusedAddress: .notice
            case .untrustedProxy, .silentProxy, .unknownHost, .preamble: .warning
            }
        }
    }

    package struct Detail: Hashable, Sendable {
        package let name: String
        package let value: String
    }

    package let kind: Kind
    /// Of the latest of its kind and subject.
    package let details: [Detail]
    /// What to set, or to do.
    package let cure: String
    package let firstAt: Timestamp
    package var lastAt: Timestamp
    package var count = 1
}
