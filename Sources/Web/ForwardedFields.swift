import HTTPTypes
import Proxy

extension ForwardedHeaders {
    /// All lines of each header, unmerged. `Host` is what stands behind `authority` here.
    init(_ head: HTTPRequest) {
        self.init { name in
            if name == "host" { return head.authority.map { [$0] } ?? [] }
            return HTTPField.Name(name).map { head.headerFields[values: $0] } ?? []
        }
    }
}
