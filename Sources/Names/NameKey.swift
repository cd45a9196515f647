import CICU

/// What a name looks like: names that people would take for each other have the same key.
///
/// It is the skeleton of UTS #39 (section 4) of the name in small letters, without what is neither letter nor digit. Besides
/// what Unicode's table says, `i`, `l` and `1` are one, as in `adm1n`: they differ in most typefaces, and not at a glance.
package struct NameKey: Hashable, Sendable {
    package let text: String

    /// - Returns: `nil` where there is nothing to mistake it for: it has neither letters nor digits, or it cannot be read.
    package init?(_ name: String) {
        guard let skeleton = Self.skeleton(name.lowercased()) else { return nil }
        var text = String.UnicodeScalarView()
        for scalar in skeleton.lowercased().unicodeScalars {
            switch scalar {
            case "i", "1", "|", "ı": text.append("l")
            case "0": text.append("o")
            case let scalar where scalar.properties.isAlphabetic || scalar.properties.numericType != nil:
                text.append(scalar)
            default: continue
            }
        }
        guard !text.isEmpty else { return nil }
        self.text = String(text)
    }

    private static func skeleton(_ text: String) -> String? {
        var text = text
        return text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { bytes in
                guard let start = bytes.baseAddress else { return "" }
                // Few characters become more than three.
                var capacity = bytes.count * 3 + 16
                for _ in 0..<2 {
                    var length: Int32 = -1
                    let skeleton = String(unsafeUninitializedCapacity: capacity) { buffer in
                        buffer.withMemoryRebound(to: CChar.self) { out in
                            length = parley_icu_skeleton(start, Int32(bytes.count), out.baseAddress, Int32(out.count))
                        }
                        return (0...capacity).contains(Int(length)) ? Int(length) : 0
                    }
                    guard length >= 0 else { return nil }
                    if Int(length) <= capacity { return skeleton }
                    capacity = Int(length)
                }
                return nil
            }
        }
    }
}

/// What names may be made of.
package enum NameCharacters {
    /// Whether a name mixes scripts as no language does (UTS #39, section 5.2, "highly restrictive"): Latin with Cyrillic or
    /// Greek, say, and not Latin with Chinese or Japanese.
    package static func mixesScripts(_ name: String) -> Bool {
        var name = name
        return name.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { bytes in
                guard let start = bytes.baseAddress else { return false }
                return parley_icu_mixes_scripts(start, Int32(bytes.count)) != 0
            }
        }
    }

    /// Whether something in a name cannot be seen, or turns the text around: marks of direction, zero-width characters and
    /// the like. What joins the parts of one emoji does not count.
    package static func hidesSomething(_ name: String) -> Bool {
        name.contains { character in
            let scalars = character.unicodeScalars
            let isPicture = scalars.first.map { $0.properties.isEmoji && !$0.isASCII } ?? false
            return scalars.contains { scalar in
                switch scalar {
                case "\u{200D}" where isPicture: false
                case "\u{E0020}"..."\u{E007F}" where isPicture: false
                case "\u{115F}", "\u{1160}", "\u{3164}", "\u{FFA0}", "\u{2800}": true
                default:
                    scalar.properties.generalCategory == .format || scalar.properties.generalCategory == .privateUse
                }
            }
        }
    }
}
