import Foundation

/// The settings as texts: for the terminal, for `.env.example`, for docs/settings.md.
enum SettingsListing {
    static func table(_ resolved: [ResolvedSetting]) -> String {
        let nameWidth = resolved.map(\.setting.variable.count).max() ?? 0
        return resolved.map { resolved in
            let setting = resolved.setting
            let name = setting.variable.padding(toLength: nameWidth, withPad: " ", startingAt: 0)
            let value = resolved.shownValue.isEmpty ? "(not set)" : resolved.shownValue
            let standard = setting.defaultValue.isEmpty ? "none" : setting.defaultValue
            return """
                \(name)  \(value)  [\(resolved.source.rawValue)]
                    \(setting.summary) Default: \(standard).\(setting.isSecret ? "" : " Flag: --\(setting.name).")
                """
        }.joined(separator: "\n")
    }

    static var example: String {
        let head = """
            # Settings of Parley. Copy this file to .env, take the # off what you want to change, and start the server.
            # The same names work as environment variables, and as flags: PARLEY_DATA_DIR is --data-dir.
            # This file is made by `parley settings --example`.

            """
        return head
            + SettingsTable.all.map {
                "\n# \($0.summary) Allowed: \($0.allowed).\n# \($0.variable)=\($0.defaultValue)\n"
            }.joined()
    }

    static var markdown: String {
        let head = """
            # Settings

            Each is a flag of every command (but for secrets, since arguments can be read by everybody on the machine), an
            environment variable, and a line `NAME=value` in the settings file, in this order of strength. `parley settings` shows the values in force and where each comes from. An unknown or
            malformed setting stops the start. This page is made by `parley settings --markdown`.

            | flag | variable | default | allowed | what it does |
            | --- | --- | --- | --- | --- |

            """
        return head
            + SettingsTable.all.map {
                let standard = $0.defaultValue.isEmpty ? "" : "`\($0.defaultValue)`"
                let flag = $0.isSecret ? "" : "`--\($0.name)`"
                return "| \(flag) | `\($0.variable)` | \(standard) | \($0.allowed) | \($0.summary) |\n"
            }.joined()
    }
}
