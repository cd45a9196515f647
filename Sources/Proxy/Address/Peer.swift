/// Who is at the other end of a connection.
package enum Peer: Hashable, Sendable, CustomStringConvertible {
    case address(IPAddress)
    /// Somebody on this machine.
    case unix
    /// The connection ended before anybody asked.
    case unknown

    package var description: String {
        switch self {
        case .address(let address): address.description
        case .unix: "unix"
        case .unknown: "unknown"
        }
    }

    /// `nil` for one that has none.
    package var address: IPAddress? {
        switch self {
        case .address(let address): address
        case .unix, .unknown: nil
        }
    }
}
