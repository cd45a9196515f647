/// Which web origins may act for a signed-in person.
package struct OriginPolicy: Sendable {
    package let publicURL: PublicURL
    private let allowed: Set<String>

    /// - Parameter others: further origins, each as scheme, host and maybe port.
    package init(publicURL: PublicURL, allowing others: [PublicURL]) {
        self.publicURL = publicURL
        allowed = publicURL.ownOrigins.union(others.flatMap(\.ownOrigins))
    }

    /// Whether a request with this `Origin` header comes from one of our pages. A missing one does not: browsers
    /// send it with every socket and every form.
    package func allows(_ origin: String?) -> Bool {
        guard let origin, let url = PublicURL(origin), url.path.isEmpty else { return false }
        return allowed.contains(url.origin)
    }

    /// How a request that changes something relates to our pages.
    package enum Verdict: Hashable, Sendable {
        /// A page of ours sent it.
        case ours
        /// A page of somebody else's did.
        case foreign
        /// The browser does not tell: a form token has to.
        case unknown
    }

    /// Judges by `Sec-Fetch-Site` (W3C Fetch Metadata) first, since no proxy can get it wrong, then by `Origin`.
    package func verdict(secFetchSite: String?, origin: String?) -> Verdict {
        switch secFetchSite {
        case "same-origin", "none": .ours
        case .some: allows(origin) ? .ours : .foreign
        case nil:
            switch origin {
            case nil: .unknown
            case .some: allows(origin) ? .ours : .foreign
            }
        }
    }
}
