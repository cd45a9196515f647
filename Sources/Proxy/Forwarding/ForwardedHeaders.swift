/// What a request says of its way here, as it stood: each header line by itself, in order.
package struct ForwardedHeaders: Hashable, Sendable {
    package var forwarded: [String]
    package var forwardedFor: [String]
    package var forwardedProto: [String]
    package var forwardedHost: [String]
    package var forwardedPrefix: [String]
    package var host: [String]

    /// - Parameter lines: the lines of a header, by its name in lower case. Only these very names count: a name with
    ///   underscores is another header, whatever a program before us makes of it.
    package init(_ lines: (String) -> [String]) {
        forwarded = lines("forwarded")
        forwardedFor = lines("x-forwarded-for")
        forwardedProto = lines("x-forwarded-proto")
        forwardedHost = lines("x-forwarded-host")
        forwardedPrefix = lines("x-forwarded-prefix")
        host = lines("host")
    }

    /// Whether any proxy says anything.
    package var isEmpty: Bool {
        forwarded.isEmpty && forwardedFor.isEmpty && forwardedProto.isEmpty && forwardedHost.isEmpty
    }
}
