import Names

/// What names and texts may look like. Each function returns the value to store or throws the sentence to show.
package enum Rules {
    /// A username: 2 to 32 of `a–z 0–9 . _ -`, starting with a letter or digit. Upper case is folded, so that
    /// nobody can be `Titania` beside `titania`; other scripts have the name that is shown.
    package static func username(_ raw: String) throws -> String {
        let name = raw.lowercased()
        let isShaped = name.unicodeScalars.allSatisfy { isSlugScalar($0) || $0 == "." || $0 == "_" }
        guard isShaped, (2...32).contains(name.unicodeScalars.count), let first = name.first,
            first.isLetter || first.isNumber
        else {
            throw ChatError(
                .invalidField,
                "A username has 2 to 32 letters (a to z), digits, dots, hyphens or underscores, and starts with a letter or digit.",
                field: "username")
        }
        return name
    }

    /// A name to show, for a person or a room: free text in one line.
    package static func name(_ raw: String, field: String, limits: Limits) throws -> String {
        let name = trimmed(raw)
        guard !name.isEmpty, !isInvisible(name) else {
            throw ChatError(.invalidField, "A name is needed here.", field: field)
        }
        let line = try line(name, charactersMax: limits.nameCharactersMax, field: field)
        guard !NameCharacters.hidesSomething(line) else {
            throw ChatError(
                .invalidField, "Characters that cannot be seen, or that turn the text around, do not fit into a name.",
                field: field)
        }
        guard !NameCharacters.mixesScripts(line) else {
            throw ChatError(
                .invalidField,
                "This name mixes scripts whose letters look alike, such as Latin and Cyrillic. Write it in one of them.",
                field: field)
        }
        return try allowed(line, field: field, limits: limits)
    }

    /// What everybody sees again and again has none of the words of `word-filter`; asterisks would make no name of it.
    package static func allowed(_ text: String, field: String, limits: Limits) throws -> String {
        guard limits.wordFilter?.finds(in: text) != true else {
            throw ChatError(.invalidField, "This server does not take one of these words.", field: field)
        }
        return text
    }

    /// A room's topic: free text in one line, may be empty.
    package static func topic(_ raw: String, limits: Limits) throws -> String {
        let line = try line(trimmed(raw), charactersMax: limits.topicCharactersMax, field: "topic")
        return try allowed(line, field: "topic", limits: limits)
    }

    /// Why somebody did something to somebody: free text in one line, may be empty.
    package static func reason(_ raw: String, limits: Limits) throws -> String {
        try line(trimmed(raw), charactersMax: limits.reasonCharactersMax, field: "reason")
    }

    /// A message's text, stored exactly as it was sent.
    package static func text(_ raw: String, limits: Limits) throws(ChatError) -> String {
        guard !isInvisible(raw) else {
            throw ChatError(.textEmpty, "A message needs some text.", field: "message")
        }
        guard raw.unicodeScalars.count <= limits.messageCharactersMax else {
            throw ChatError(
                .textTooLong,
                "A message has at most \(limits.messageCharactersMax) characters; this one has \(raw.unicodeScalars.count).",
                field: "message")
        }
        guard !raw.unicodeScalars.contains("\0") else {
            throw ChatError(.invalidField, "A message cannot contain the NUL character.", field: "message")
        }
        return raw
    }

    /// A sender's own id for a message.
    package static func clientId(_ raw: String, limits: Limits) throws(ChatError) -> String {
        guard (1...limits.clientIdCharactersMax).contains(raw.unicodeScalars.count),
            raw.unicodeScalars.allSatisfy({ !isControl($0) })
        else {
            throw ChatError(
                .invalidField, "clientId has 1 to \(limits.clientIdCharactersMax) characters.", field: "clientId")
        }
        return raw
    }

    package static func password(_ raw: String, limits: Limits) throws {
        guard raw.unicodeScalars.count >= limits.passwordCharactersMin else {
            throw ChatError(
                .invalidField, "A password has at least \(limits.passwordCharactersMin) characters.", field: "password")
        }
        guard raw.utf8.count <= limits.passwordBytesMax else {
            throw ChatError(
                .invalidField, "A password has at most \(limits.passwordBytesMax) bytes.", field: "password")
        }
    }

    /// A room's address part: 1 to 64 of `a–z 0–9 -`, starting and ending with a letter or digit.
    package static func slug(_ raw: String) throws -> String {
        guard isSlug(raw) else {
            throw ChatError(
                .invalidField, "A slug has 1 to 64 lower-case letters (a to z), digits and inner hyphens.",
                field: "slug")
        }
        return raw
    }

    package static func isSlug(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.unicodeScalars.allSatisfy(isSlugScalar)
            && text.first != "-" && text.last != "-"
    }

    /// A slug made of a room's name: what fits is kept, everything between becomes one hyphen. Empty where
    /// nothing fits (a name in another script): the caller then makes one up.
    package static func slug(fromName name: String) -> String {
        let kept = name.lowercased().unicodeScalars.map { isSlugScalar($0) && $0 != "-" ? Character($0) : " " }
        return String(String(kept).split(separator: " ").joined(separator: "-").prefix(48))
            .trimmingHyphens()
    }

    static func line(_ text: String, charactersMax: Int, field: String) throws -> String {
        guard text.unicodeScalars.count <= charactersMax else {
            throw ChatError(.invalidField, "At most \(charactersMax) characters fit here.", field: field)
        }
        guard !text.unicodeScalars.contains(where: isControl) else {
            throw ChatError(.invalidField, "Line breaks and control characters do not fit here.", field: field)
        }
        return text
    }

    static func trimmed(_ text: String) -> String {
        let isSpace: (Character) -> Bool = { $0.isWhitespace }
        return String(text.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }

    /// Nothing in it can be seen: white space, controls, zero-width and direction marks.
    static func isInvisible(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy {
            $0.properties.isWhitespace || $0.properties.generalCategory == .format
                || $0.properties.generalCategory == .control
        }
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        // Looking a character up costs more than all else about it.
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        return switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    private static func isSlugScalar(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) || scalar == "-"
    }
}

extension String {
    fileprivate func trimmingHyphens() -> String {
        String(drop { $0 == "-" }.reversed().drop { $0 == "-" }.reversed())
    }
}
