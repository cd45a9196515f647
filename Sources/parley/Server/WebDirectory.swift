import Foundation

/// Finds the folder with the web client: where the setting says, beside the program, where packages put it, or in the
/// checkout that the program was built in.
enum WebDirectory {
    static func find(_ setting: String?) throws -> String {
        if let setting { return setting }
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        var candidates = [
            program.appendingPathComponent("web"), program.appendingPathComponent("../share/parley/web").standardized,
        ]
        var folder = program
        for _ in 0..<5 {
            folder = folder.deletingLastPathComponent()
            candidates.append(folder.appendingPathComponent("web"))
        }
        let found = candidates.first {
            FileManager.default.fileExists(atPath: $0.appendingPathComponent("templates/layout.mustache").path)
        }
        guard let found else { throw NotFound(places: candidates.map(\.path)) }
        return found.path
    }

    struct NotFound: Error, CustomStringConvertible {
        let places: [String]

        var description: String {
            "The web client's files were not found. Set web-dir to the folder `web` that comes with Parley. "
                + "Looked in: \(places.joined(separator: ", "))."
        }
    }
}
