import Foundation
import OpenID

/// Reads `openid-providers` and `openid-secrets`: who else may say who somebody is.
///
///     google client-id=1234.apps.googleusercontent.com; club issuer=https://id.example.org client-id=parley label="The club"
///     google=GOCSPX-abc; club=@/etc/parley/club-secret
struct ProviderSettings {
    private static let keys: Set<String> = ["issuer", "client-id", "label", "scopes"]

    /// - Throws: the sentence that says what is wrong, which never has a secret in it.
    static func providers(_ text: String, secrets: String) throws -> [Provider] {
        let secrets = try Self.secrets(secrets)
        var providers: [Provider] = []
        for entry in entries(text) {
            let provider = try provider(entry, secrets)
            guard !providers.contains(where: { $0.name == provider.name }) else {
                throw fault("\(provider.name) is there twice")
            }
            providers.append(provider)
        }
        if let name = secrets.keys.sorted().first(where: { name in !providers.contains { $0.name == name } }) {
            throw SettingsError.conflict("openid-secrets has a secret for \(name), and openid-providers no such name.")
        }
        return providers
    }

    private static func provider(_ entry: String, _ secrets: [String: String]) throws -> Provider {
        var words = try self.words(entry)
        let name = words.removeFirst()
        var fields = name == "google" ? ["issuer": "https://accounts.google.com", "label": "Google"] : [:]
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, keys.contains(parts[0]) else {
                throw fault("\(name) has something that is none of \(keys.sorted().joined(separator: ", "))")
            }
            fields[parts[0]] = parts[1]
        }
        guard let issuer = fields["issuer"], let client = fields["client-id"] else {
            throw fault("\(name) needs issuer=… and client-id=…")
        }
        let scopes = fields["scopes"]?.split(separator: ",").map(String.init)
        do {
            return try Provider(
                name: name, displayName: fields["label"] ?? name.capitalized, issuer: issuer, clientID: client,
                secret: secrets[name], scopes: scopes ?? Provider.defaultScopes)
        } catch let error as ProviderSettingError {
            throw fault("\(name): \(error)")
        }
    }

    /// By the providers' names. A secret that begins with @ is in that file.
    private static func secrets(_ text: String) throws -> [String: String] {
        var secrets: [String: String] = [:]
        for (index, entry) in entries(text).enumerated() {
            let parts = entry.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard parts.count == 2, !parts[1].isEmpty else {
                throw SettingsError.conflict("Entry \(index + 1) of openid-secrets is not NAME=SECRET or NAME=@FILE.")
            }
            guard parts[1].hasPrefix("@") else {
                secrets[parts[0]] = parts[1]
                continue
            }
            let path = String(parts[1].dropFirst())
            guard let secret = try? String(contentsOfFile: path, encoding: .utf8) else {
                throw SettingsError.conflict("openid-secrets names the file \(path), which cannot be read.")
            }
            secrets[parts[0]] = secret.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        return secrets
    }

    private static func entries(_ text: String) -> [String] {
        text.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    /// Words with spaces between, and in them maybe a part in quotes, whose spaces stay.
    private static func words(_ entry: String) throws -> [String] {
        var words = [""]
        var isQuoted = false
        for character in entry {
            switch character {
            case "\"": isQuoted.toggle()
            case " " where !isQuoted: words.append("")
            default: words[words.count - 1].append(character)
            }
        }
        guard !isQuoted else { throw fault("a quote is not closed") }
        return words.filter { !$0.isEmpty }
    }

    private static func fault(_ words: String) -> SettingsError {
        .conflict("The setting openid-providers cannot be used: \(words).")
    }
}
