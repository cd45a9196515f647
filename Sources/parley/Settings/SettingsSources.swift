import Configuration
import Foundation
import SystemPackage

/// Where a setting's value came from, strongest first.
enum SettingsSource: String, Sendable, CaseIterable {
    case flag
    case environment
    case file
    case standard = "default"
}

/// A setting with the value in force.
struct ResolvedSetting: Sendable, Hashable {
    let setting: Setting
    let value: String
    let source: SettingsSource

    /// The value as it may be shown.
    var shownValue: String {
        // A name and a password, which somebody put into an address.
        guard setting.isSecret else { return value.replacing(/:\/\/[^\/]*@/, with: "://********@") }
        return value.isEmpty ? "" : "********"
    }
}

/// The values of all settings, each from the strongest source that has it.
struct SettingsSources: Sendable {
    private let readers: [(SettingsSource, ConfigReader)]

    /// - Parameters:
    ///   - flags: values by the settings' names.
    ///   - environment: all variables; those that start with `PARLEY_` have to be settings.
    /// - Throws: `SettingsError` for a name that is not a setting's.
    init(flags: [String: String], environment: [String: String]) async throws {
        for name in environment.keys.sorted()
        where name.hasPrefix("PARLEY_") && name != Self.doctorKeyVariable && !Self.isServiceLink(name) {
            try Self.checkName(name, from: "the environment")
        }
        let values = flags.map { (AbsoluteConfigKey(Self.key($0)), ConfigValue(.string($1), isSecret: false)) }
        var readers: [(SettingsSource, ConfigReader)] = [
            (.flag, ConfigReader(provider: InMemoryProvider(values: Dictionary(uniqueKeysWithValues: values)))),
            (.environment, ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: environment))),
        ]
        let named = readers.lazy.compactMap { $1.string(forKey: Self.key("settings-file")) }.first
        let path = named ?? SettingsTable["settings-file"]?.defaultValue ?? ""
        if named.map({ !$0.isEmpty }) ?? FileManager.default.fileExists(atPath: path) {
            try Self.checkFile(path)
            let provider = try await EnvironmentVariablesProvider(environmentFilePath: FilePath(path))
            readers.append((.file, ConfigReader(provider: provider)))
        }
        self.readers = readers
    }

    /// Not a setting of the server's: where `parley doctor` finds its key.
    static let doctorKeyVariable = "PARLEY_DOCTOR_KEY"

    /// The value in force, not yet checked.
    func resolve(_ setting: Setting) -> ResolvedSetting {
        for (source, reader) in readers {
            if let value = reader.string(forKey: Self.key(setting.name)) {
                return ResolvedSetting(setting: setting, value: value, source: source)
            }
        }
        return ResolvedSetting(setting: setting, value: setting.defaultValue, source: .standard)
    }

    var all: [ResolvedSetting] { SettingsTable.all.map(resolve) }

    /// `parley.<name>`, which the environment's provider writes as `PARLEY_<NAME>`.
    private static func key(_ name: String) -> ConfigKey {
        ConfigKey(["parley"] + name.split(separator: "-").map(String.init))
    }

    /// What Kubernetes and Docker put into the environment of whatever runs beside a service called `parley`.
    private static func isServiceLink(_ name: String) -> Bool {
        name == "PARLEY_PORT" || name.hasPrefix("PARLEY_PORT_") || name.hasPrefix("PARLEY_SERVICE_")
    }

    private static func checkName(_ name: String, from place: String) throws {
        guard !SettingsTable.all.contains(where: { $0.variable == name }) else { return }
        throw SettingsError.unknown(name: name, place: place)
    }

    private static func checkFile(_ path: String) throws {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw SettingsError.unreadableFile(path)
        }
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = line.trimmingCharacters(in: .whitespaces)
            if line.isEmpty || line.hasPrefix("#") { continue }
            let place = "line \(number + 1) of \(path)"
            guard let equals = line.firstIndex(of: "=") else { throw SettingsError.malformedLine(place: place) }
            try checkName(line[..<equals].trimmingCharacters(in: .whitespaces), from: place)
        }
    }
}

/// A setting that cannot be used. Its text says what was read, where, and what is allowed.
enum SettingsError: Error, CustomStringConvertible, Equatable {
    case unknown(name: String, place: String)
    case malformed(ResolvedSetting)
    case malformedLine(place: String)
    case unreadableFile(String)
    case missingValue(flag: String)
    case secretInArgument(Setting)
    case conflict(String)

    var description: String {
        switch self {
        case .unknown(let name, let place):
            "There is no setting \(name), which was read from \(place).\(Self.suggestion(name)) `parley settings` lists them all."
        case .malformed(let resolved):
            """
            The setting \(resolved.setting.name) (\(resolved.setting.variable)) cannot be \
            "\(resolved.shownValue)", which was read from the \
            \(resolved.source.rawValue). Allowed: \(resolved.setting.allowed).
            """
        case .malformedLine(let place):
            "\(place) is not NAME=value."
        case .unreadableFile(let path):
            "The settings file \(path) cannot be read."
        case .missingValue(let flag):
            "The flag \(flag) needs a value after it."
        case .secretInArgument(let setting):
            """
            --\(setting.name) is a secret, and everybody on this machine can read the arguments of a program. \
            Set \(setting.variable) in the environment or in the settings file.
            """
        case .conflict(let sentence):
            sentence
        }
    }

    /// The setting whose name is most like it, if one is.
    private static func suggestion(_ name: String) -> String {
        let close = SettingsTable.all.map(\.variable).min { distance($0, name) < distance($1, name) }
        guard let close, distance(close, name) <= 4 else { return "" }
        return " Did you mean \(close)?"
    }

    /// How many letters one has to add, drop or change to get from one to the other (Levenshtein).
    private static func distance(_ left: String, _ right: String) -> Int {
        var row = Array(0...right.utf8.count)
        for (i, a) in left.utf8.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.utf8.enumerated() {
                (diagonal, row[j + 1]) = (row[j + 1], min(row[j + 1] + 1, row[j] + 1, diagonal + (a == b ? 0 : 1)))
            }
        }
        return row[right.utf8.count]
    }
}
