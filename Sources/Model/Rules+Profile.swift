extension Rules {
    /// What somebody says of themselves: free text of some lines, may be empty.
    package static func bio(_ raw: String, limits: Limits) throws -> String {
        guard raw.unicodeScalars.count <= limits.bioCharactersMax else {
            throw ChatError(
                .invalidField,
                "At most \(limits.bioCharactersMax) characters fit here; these are \(raw.unicodeScalars.count).",
                field: "bio")
        }
        let isPlain = raw.unicodeScalars.allSatisfy {
            $0 == "\n" || $0 == "\t" || $0 == "\r" || $0.properties.generalCategory != .control
        }
        guard isPlain else { throw ChatError(.invalidField, "Control characters do not fit here.", field: "bio") }
        return try allowed(isInvisible(raw) ? "" : trimmed(raw), field: "bio", limits: limits)
    }

    /// A status.
    /// - Parameter seconds: how long it holds; `nil` for as long as it is not changed.
    /// - Returns: `nil` where both emoji and text are empty, which is no status.
    package static func status(
        emoji: String, text: String, seconds: Int64?, now: Timestamp, limits: Limits
    ) throws -> PersonStatus? {
        let emoji = trimmed(emoji)
        guard emoji.isEmpty || isEmoji(emoji) else {
            throw ChatError(.invalidField, "One emoji fits here, or nothing.", field: "emoji")
        }
        let line = try line(trimmed(text), charactersMax: limits.statusCharactersMax, field: "status")
        let text = try allowed(line, field: "status", limits: limits)
        guard seconds.map({ (60...31_536_000).contains($0) }) ?? true else {
            throw ChatError(.invalidField, "A status lasts from a minute to a year.", field: "seconds")
        }
        guard !emoji.isEmpty || !isInvisible(text) else { return nil }
        return PersonStatus(
            emoji: emoji.isEmpty ? nil : emoji, text: isInvisible(text) ? "" : text,
            until: seconds.map { now + Seconds($0) })
    }

    /// One character as people count them, that is drawn as a picture (UTS #51).
    private static func isEmoji(_ text: String) -> Bool {
        guard text.count == 1, text.unicodeScalars.count <= 16, let first = text.unicodeScalars.first else {
            return false
        }
        return first.properties.isEmojiPresentation
            || (first.properties.isEmoji && text.unicodeScalars.contains { $0 == "\u{FE0F}" || $0 == "\u{20E3}" })
    }
}
