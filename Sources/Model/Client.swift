/// Where a request comes from, as far as sign-ins go by it.
package struct Client: Hashable, Sendable {
    /// The visitor's address, for people to recognise their own sign-ins by; `nil` where nobody in particular asks.
    package let address: String?
    /// What one customer of a provider has: an IPv4 address, or an IPv6 network of 64 bits. `nil` where counting by it
    /// would meet somebody else: it is unknown, private, or a proxy's.
    package let network: String?
    /// As the program called itself; at most 256 characters.
    package let userAgent: String

    package init(address: String? = nil, network: String? = nil, userAgent: String = "") {
        self.address = address
        self.network = network
        self.userAgent = userAgent.excerpt(256)
    }
}
