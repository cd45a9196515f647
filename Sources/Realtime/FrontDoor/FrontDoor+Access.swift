package import Model
package import Proxy

extension FrontDoor {
    /// What an access list says to somebody whom it keeps out; `nil` where it lets them in. The operator is told once an
    /// hour for each address, with the setting.
    package func refusal(at area: GuardedArea, of visitor: Visitor) -> ChatError? {
        guard !access[area].admits(visitor.address) else { return nil }
        log.notice(.refusedAddress, of: "\(area.rawValue) \(visitor)") {
            ["address": "\(visitor)", "area": area.rawValue, "peer": "\(visitor.peer)"]
        } cure: {
            visitor.address == nil
                ? "none: the proxy \(visitor.peer) does not say whom it speaks for"
                : "none, unless \(visitor) is one of yours: then \(area.rawValue)-allow and \(area.rawValue)-deny"
        }
        return ChatError(.addressRefused, "This server does not allow \(area.words) from where you are.")
    }
}
