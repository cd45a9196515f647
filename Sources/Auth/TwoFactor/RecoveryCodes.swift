import Crypto
package import Foundation
package import Model

/// The way back in for somebody whose second factor is gone: ten codes, shown once, each good once.
///
/// A code is 20 symbols out of 18, chosen evenly: 83 bits. Of symbols that look alike none is among them, nor are vowels,
/// so that no words come about: `7KMW-94PH-…`.
///
/// The server keeps their SHA-256. A slow hash as for passwords would add nothing: who has the hashes and tries 10¹³
/// codes a second, which takes some hundred graphics cards, would need some thousand years for the first of
/// a person's ten. The person's number is hashed with it, so that one try is not good against everybody at once.
package struct RecoveryCodes: Hashable, Sendable {
    package static let count = 10
    static let alphabet = Array("3479CFHJKMNPRTVWXY")
    static let symbols = 20
    private static let groupLength = 4

    /// The hashes of the codes that are left.
    package private(set) var hashes: Set<Data>

    /// Those that were kept.
    package init(hashes: Set<Data>) { self.hashes = hashes }

    /// Fresh ones, instead of all that the person had.
    /// - Returns: the texts to show, once, and what is kept of them.
    package static func fresh(for user: UserID) -> (texts: [String], codes: RecoveryCodes) {
        var generator = SystemRandomNumberGenerator()
        var texts: [String] = []
        var hashes: Set<Data> = []
        while texts.count < count {
            let symbols = (0..<symbols).compactMap { _ in alphabet.randomElement(using: &generator) }
            guard hashes.insert(hash(symbols, user)).inserted else { continue }
            let groups = stride(from: 0, to: symbols.count, by: groupLength)
                .map { String(symbols[$0..<$0 + groupLength]) }
            texts.append(groups.joined(separator: "-"))
        }
        return (texts, RecoveryCodes(hashes: hashes))
    }

    /// Uses up a code.
    /// - Parameter text: as typed: case, spaces and dashes of any kind do not matter.
    /// - Returns: the hash that is to be deleted, or nil where it is none of the person's codes, or was used. The caller
    ///   lets the person in only where the deletion found it: of two tries at once one loses.
    package mutating func redeem(_ text: String, by user: UserID) -> Data? {
        guard let symbols = Self.symbols(in: text) else { return nil }
        return hashes.remove(Self.hash(symbols, user))
    }

    /// - Returns: nil where it cannot be a code.
    private static func symbols(in text: String) -> [Character]? {
        // Beyond this nobody has typed a code, and reading on is work for nothing.
        guard text.utf8.count <= 200 else { return nil }
        let typed = text.uppercased().filter { character in
            !character.isWhitespace && character.unicodeScalars.first?.properties.generalCategory != .dashPunctuation
        }
        guard typed.count == symbols, typed.allSatisfy(alphabet.contains) else { return nil }
        return Array(typed)
    }

    private static func hash(_ symbols: [Character], _ user: UserID) -> Data {
        Data(SHA256.hash(data: Data("parley recovery code \(user.rawValue) \(String(symbols))".utf8)))
    }
}
