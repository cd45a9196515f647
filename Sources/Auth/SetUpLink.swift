import Foundation

/// The way in for the first person of a new server, who becomes its administrator: a link that is printed where the
/// server was started: on standard output, which may be a log that others read. It is another one after each start.
package struct SetUpLink: Sendable {
    package let token = OpaqueToken()

    package init() {}

    /// Whether it is this one; told in the same time for every other.
    package func matches(_ text: String) -> Bool {
        zip(OpaqueToken(text).hash, token.hash).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
