/// A path on this site, to go to after something else is done; never another site.
package struct LocalPath: Hashable, Sendable {
    /// At most `bytesMax`, as it may stand in a `Location` field.
    package let text: String

    package static let bytesMax = 512

    /// One slash and then no other, no backslash and no control character: browsers take `//host`, `/\host` and a
    /// slash after a tab for another site.
    /// - Returns: `nil` for anything else.
    package init?(_ text: String) {
        guard text.hasPrefix("/"), !text.hasPrefix("//"), text.utf8.count <= Self.bytesMax,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") })
        else { return nil }
        self.text = text
    }
}
