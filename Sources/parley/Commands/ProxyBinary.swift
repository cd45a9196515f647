import Foundation
import Proxy

/// A proxy's own program, as far as it is installed here: it knows best which version it is, and what it takes.
struct ProxyBinary: Sendable {
    let program: String
    private let kind: ProxyKind

    /// `nil` for one that has no check of its own.
    init?(_ kind: ProxyKind) {
        self.kind = kind
        switch kind {
        case .nginx: program = "nginx"
        case .caddy: program = "caddy"
        case .apache: program = "apache2"
        case .haproxy: program = "haproxy"
        default: return nil
        }
    }

    enum Verdict: Sendable {
        case notInstalled
        case good
        /// With what the program said.
        case bad(String)
    }

    /// The first number with dots that the program says of itself, such as `1.22.1`.
    func version() async -> String? {
        let said = try? await Self.run([program, kind == .caddy ? "version" : "-v"])
        return said?.output.firstMatch(of: /\d+\.\d+(\.\d+)?/).map { String($0.output.0) }
    }

    /// Lets the program read the files, put where it could not do any harm.
    /// - Parameter certificate: the files of the plan; HAProxy reads both as one, which is made for the check.
    func check(
        _ files: [ConfigurationFile], certificate: (chain: String, key: String)?
    ) async throws -> Verdict {
        guard try await Self.run(["which", program]).status == 0 else { return .notInstalled }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("parley-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        guard let file = files.first else { return .good }
        let part = folder.appendingPathComponent("part.conf")
        var text = file.text
        if kind == .haproxy, let certificate, let path = text.firstMatch(of: /\ crt (\S+)/)?.output.1 {
            let both = folder.appendingPathComponent("both.pem")
            let chain = try Data(contentsOf: URL(fileURLWithPath: certificate.chain))
            try (chain + Data(contentsOf: URL(fileURLWithPath: certificate.key))).write(to: both)
            text = text.replacing(" crt \(path)", with: " crt \(both.path)")
        }
        try Data(text.utf8).write(to: part)
        let whole = folder.appendingPathComponent("whole.conf")
        try Data(frame(part.path).utf8).write(to: whole)
        let result = try await Self.run(command(whole.path, part.path))
        guard result.status != 0 else { return .good }
        return .bad(result.output + (certificate == nil ? Self.hint : ""))
    }

    private static let hint =
        "If only the certificate is missing: get it first, as the head of the file says, or name one with --certificate.\n"

    /// A file of one site is only part of a configuration.
    private func frame(_ path: String) -> String {
        switch kind {
        case .nginx: "events {}\nhttp {\n    include \(path);\n}\n"
        case .apache:
            """
            ServerRoot /usr/lib/apache2
            PidFile \(path).pid
            Mutex file:\(URL(fileURLWithPath: path).deletingLastPathComponent().path) default
            ServerName localhost
            ErrorLog /dev/stderr
            Listen 127.0.0.1:65535
            \(apacheModules)
            Include \(path)

            """
        default: ""
        }
    }

    /// Debian has them in one folder, whichever are turned on.
    private var apacheModules: String {
        [
            "mpm_event", "authz_core", "proxy", "proxy_http", "proxy_wstunnel", "headers", "ssl", "rewrite", "remoteip",
            "alias",
            "http2", "socache_shmcb",
        ]
        .filter { FileManager.default.fileExists(atPath: "/usr/lib/apache2/modules/mod_\($0).so") }
        .map { "LoadModule \($0)_module modules/mod_\($0).so" }.joined(separator: "\n")
    }

    private func command(_ whole: String, _ file: String) -> [String] {
        switch kind {
        case .nginx: ["nginx", "-t", "-q", "-c", whole]
        case .caddy: ["caddy", "validate", "--adapter", "caddyfile", "--config", file]
        case .apache: ["apache2", "-t", "-f", whole]
        default: ["haproxy", "-c", "-f", file]
        }
    }

    /// Runs a program to its end without holding a thread meanwhile.
    private static func run(_ command: [String]) async throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        // Debian has daemons where ordinary people's PATH does not look.
        var environment = ProcessInfo.processInfo.environment
        environment["PATH"] = (environment["PATH"] ?? "/usr/bin:/bin") + ":/usr/local/sbin:/usr/sbin:/sbin"
        process.environment = environment
        let output = FileManager.default.temporaryDirectory.appendingPathComponent("parley-\(UUID().uuidString)")
        try Data().write(to: output)
        defer { try? FileManager.default.removeItem(at: output) }
        let handle = try FileHandle(forWritingTo: output)
        process.standardOutput = handle
        process.standardError = handle
        process.standardInput = FileHandle.nullDevice
        let status = try await withCheckedThrowingContinuation { (done: CheckedContinuation<Int32, any Error>) in
            process.terminationHandler = { done.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                done.resume(throwing: error)
            }
        }
        return (status, String(decoding: try Data(contentsOf: output), as: UTF8.self))
    }
}
