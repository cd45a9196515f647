/// Takes the settings out of a command line, so that each is a flag of every command without being declared again:
/// `--name value` or `--name=value`. What is left is for ArgumentParser.
struct FlagReader {
    private(set) var flags: [String: String] = [:]
    private(set) var rest: [String] = []

    /// - Throws: `SettingsError.missingValue`, `.secretInArgument`.
    init(_ arguments: [String]) throws {
        var arguments = arguments[...]
        while let argument = arguments.popFirst() {
            if argument == "--" {
                rest += [argument] + arguments
                return
            }
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard argument.hasPrefix("--"), let setting = SettingsTable[String(parts[0].dropFirst(2))] else {
                rest.append(argument)
                continue
            }
            guard !setting.isSecret else { throw SettingsError.secretInArgument(setting) }
            if parts.count == 2 {
                flags[setting.name] = String(parts[1])
            } else if let value = arguments.popFirst() {
                flags[setting.name] = value
            } else {
                throw SettingsError.missingValue(flag: argument)
            }
        }
    }
}
