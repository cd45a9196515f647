package import Proxy

/// Which addresses may be connected to. It is asked for each connection, with the address that the name led to for that
/// very connection: a name that leads elsewhere the second time (DNS rebinding) gains nothing by it.
package struct AddressPolicy: Sendable {
    package let allows: @Sendable (IPAddress) -> Bool

    /// Only what is on the internet. For every address that somebody else has typed.
    package static let publicOnly = AddressPolicy { $0.isGlobal }
    /// Also this machine and the networks that it is in. For what the operator has typed.
    package static let any = AddressPolicy { _ in true }

    init(allows: @escaping @Sendable (IPAddress) -> Bool) {
        self.allows = allows
    }

    /// By the name that it has in settings.
    package init?(_ name: String) {
        switch name {
        case "public": self = .publicOnly
        case "any": self = .any
        default: return nil
        }
    }
}
