import CoreFoundation
import Doctor
import Foundation
import Logging
import Proxy
import Realtime
import Storage

/// Looks at this machine before the server starts, or while it runs. Changes nothing, and creates nothing.
struct Preflight {
    private struct Result {
        let severity: Finding.Severity
        let saw: String
        var cure: String?
    }

    func run() async -> [Finding] {
        let settings: Settings
        do {
            settings = try Parley.settings()
        } catch {
            return [.init("settings", .failure, "The settings", saw: "\(error)", cure: "parley settings")]
        }
        var findings = [Finding("settings", .ok, "The settings", saw: "public-url is \(settings.publicURL)")]
        let looks: [(String, String, Result)] = [
            ("public-url", "The public URL", publicURL(settings)),
            ("data-dir", "The data directory", directory(settings)),
            ("keys", "The keys", keys(settings)), ("database", "The database", await database(settings)),
            ("disk", "The disk", disk(settings)), ("files", "Open files", files()), ("clock", "The clock", clock()),
            ("web-dir", "The web client's files", web(settings)), ("listen", "The ports", ports(settings)),
            ("access", "The access lists", accessLists(settings)),
            ("certificate", "The certificate", certificate(settings)),
        ]
        findings += looks.map { Finding($0.0, $0.2.severity, $0.1, saw: $0.2.saw, cure: $0.2.cure) }
        return findings
    }

    private func publicURL(_ settings: Settings) -> Result {
        let url = settings.publicURL
        if url.isLocal { return Result(severity: .note, saw: "\(url) is for this machine alone") }
        guard url.isSecure else {
            return Result(
                severity: .warning, saw: "\(url) has no TLS: passwords are readable, and there is no microphone",
                cure: "public-url=https://\(url.host), and: parley proxy-config nginx")
        }
        return Result(severity: .ok, saw: url.origin)
    }

    private func certificate(_ settings: Settings) -> Result {
        guard let tls = settings.tls else { return Result(severity: .ok, saw: "none here: a proxy's, if there is one") }
        do {
            _ = try ServerCertificate(certificate: tls.certificate, key: tls.key)
            return Result(severity: .ok, saw: "\(tls.certificate) and its key fit together")
        } catch {
            return Result(severity: .failure, saw: "\(error)", cure: "tls-certificate and tls-key")
        }
    }

    private func directory(_ settings: Settings) -> Result {
        let path = settings.dataDirectory
        var status = stat()
        guard stat(path, &status) == 0 else { return Result(severity: .note, saw: "\(path) is not there yet") }
        guard access(path, W_OK) == 0 else {
            return Result(severity: .failure, saw: "\(path) cannot be written", cure: "chown it to the server's user")
        }
        guard status.st_mode & 0o077 == 0 else {
            return Result(
                severity: .warning, saw: "\(path) is open to others", cure: "chmod 700 \(path)")
        }
        return Result(severity: .ok, saw: path)
    }

    private func keys(_ settings: Settings) -> Result {
        let paths = ["message-keys", "token-key", "server-keys"].map { settings.dataDirectory + "/" + $0 }
        for path in paths {
            var status = stat()
            guard stat(path, &status) == 0 else { continue }
            guard status.st_mode & 0o077 == 0 else {
                return Result(severity: .failure, saw: "\(path) is readable by others", cure: "chmod 600 \(path)")
            }
        }
        let hasDatabase = FileManager.default.fileExists(atPath: settings.dataDirectory + "/parley.db")
        let needed = [
            (path: paths[0], isGiven: settings.messageKeys != nil, without: "no message can be read"),
            (path: paths[1], isGiven: settings.tokenKey != nil, without: "no authenticator code works"),
        ]
        let missing = needed.filter { !$0.isGiven && !FileManager.default.fileExists(atPath: $0.path) }
        guard hasDatabase, !missing.isEmpty else { return Result(severity: .ok, saw: "for their owner alone") }
        let saw = missing.map { "\($0.path) is missing, and without it \($0.without)" }
        return Result(
            severity: .failure, saw: saw.joined(separator: "; "), cure: "bring it back from the backup")
    }

    private func database(_ settings: Settings) async -> Result {
        let path = settings.dataDirectory + "/parley.db"
        guard FileManager.default.fileExists(atPath: path) else {
            return Result(severity: .note, saw: "there is none yet")
        }
        do {
            let fault = try await SQLiteDatabase.fault(path: path)
            return fault.map { Result(severity: .failure, saw: $0, cure: "bring it back from the backup") }
                ?? Result(severity: .ok, saw: "whole")
        } catch {
            return Result(severity: .failure, saw: "\(error)")
        }
    }

    private func disk(_ settings: Settings) -> Result {
        var status = statvfs()
        let path = FileManager.default.fileExists(atPath: settings.dataDirectory) ? settings.dataDirectory : "."
        guard statvfs(path, &status) == 0 else { return Result(severity: .untested, saw: "not known") }
        let free = UInt64(status.f_bavail) * UInt64(status.f_frsize) / 1_048_576
        return free < 512
            ? Result(severity: .warning, saw: "\(free) MiB are free", cure: "make room: a full disk refuses messages")
            : Result(severity: .ok, saw: "\(free) MiB are free")
    }

    private func files() -> Result {
        let limit = FileLimit.raise(Logger(label: "preflight") { _ in SwiftLogNoOpLogHandler() })
        return limit.max < 4096
            ? Result(
                severity: .warning, saw: "\(limit.max): enough for \(limit.connectionsMax) connections",
                cure: "LimitNOFILE=65536 in the unit, or ulimit -Hn")
            : Result(severity: .ok, saw: "\(limit.max)")
    }

    private func clock() -> Result {
        // Before this program was written it cannot be.
        Date().timeIntervalSince1970 < 1_760_000_000
            ? Result(severity: .failure, saw: "\(Date()) is in the past", cure: "turn on NTP")
            : Result(severity: .ok, saw: "\(Date())")
    }

    private func web(_ settings: Settings) -> Result {
        do {
            return Result(severity: .ok, saw: try WebDirectory.find(settings.webDirectory))
        } catch {
            return Result(severity: .failure, saw: "\(error)")
        }
    }

    private func accessLists(_ settings: Settings) -> Result {
        let closed = settings.areasClosedNearby.map(\.rawValue)
        guard !closed.isEmpty else { return Result(severity: .ok, saw: "let in this machine, or everybody") }
        return Result(
            severity: .warning, saw: "keep loopback and private addresses from: \(closed.joined(separator: ", "))",
            cure: "\(closed[0])-allow with loopback or private besides, unless it is meant so")
    }

    private func ports(_ settings: Settings) -> Result {
        let wide = settings.listen.filter { address in
            if case .tcp(let host, _) = address { ["0.0.0.0", "::"].contains(host) } else { false }
        }
        let all = settings.listen.map(\.description).joined(separator: ", ")
        // With TLS here there need not be a proxy.
        guard !wide.isEmpty, settings.tls == nil, !settings.publicURL.isLocal else {
            return Result(severity: .ok, saw: all)
        }
        return Result(
            severity: .note, saw: "\(all): reachable around the proxy",
            cure: "listen=127.0.0.1:8080 where the proxy is on this machine; else let a firewall admit the proxy alone")
    }
}
