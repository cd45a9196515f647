import ArgumentParser
import Foundation
import Proxy

extension ProxyKind: ExpressibleByArgument {}
extension ProxyPlan.PangolinSchema: ExpressibleByArgument {}

struct ProxyConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "proxy-config",
        abstract: "Write the configuration of a reverse proxy, from the settings of this server.",
        discussion: """
            Without --output everything is printed. What is written fits the settings in force (public-url, listen, \
            trusted-proxies): change those, not the file.

            Examples:
              parley proxy-config nginx --public-url https://chat.example.com --check
              parley proxy-config caddy --certificate chain.pem --key key.pem --output /etc/caddy
              parley proxy-config nginx --inner cloudflare
            """)

    @Argument(help: "Which one.")
    var name: ProxyKind

    @Option(help: "The certificate with its chain, a PEM file; obtained automatically where not given.")
    var certificate: String?

    @Option(help: "The certificate's key, a PEM file.")
    var key: String?

    @Flag(help: "TLS ends further out: this one speaks plain HTTP.")
    var withoutTLS = false

    @Option(help: "It stands behind another proxy: that one's addresses, separated by commas, or cloudflare, private.")
    var inner: String?

    @Option(help: "A folder with the web client's files, for the proxy to serve below /static/.")
    var `static`: String?

    @Option(help: "The proxy's version, such as 1.22.1; asked of the one that is installed where not given.")
    var proxyVersion: String?

    @Option(help: "Which keys Pangolin's blueprints have: new or old.")
    var schema: ProxyPlan.PangolinSchema = .new

    @Option(help: "A folder to write the files to, which must not be there yet.")
    var output: String?

    @Flag(help: "Let the proxy that is installed here check the syntax.")
    var check = false

    func validate() throws {
        guard (certificate == nil) == (key == nil) else {
            throw ValidationError("--certificate and --key belong together.")
        }
        guard certificate == nil || !withoutTLS else {
            throw ValidationError("--certificate and --without-tls contradict each other.")
        }
    }

    func run() async throws {
        let binary = ProxyBinary(name)
        let version: String? = if let proxyVersion { proxyVersion } else { await binary?.version() }
        let files = try name.files(try plan(version: version))
        if let output {
            for file in files { try write(file, to: output) }
        } else {
            for file in files { show(file, of: files.count) }
        }
        if check { try await report(binary, files) }
    }

    private func plan(version: String?) throws -> ProxyPlan {
        let settings = try Parley.settings()
        var plan = ProxyPlan(publicURL: settings.publicURL)
        // Where TLS is spoken here, a proxy is for the sockets that are plain.
        let plain = settings.tls == nil ? settings.listen : settings.listen.filter { !$0.isTCP }
        guard let upstream = plain.first else {
            throw ValidationError(
                "With tls-certificate this server needs no proxy. For one all the same, add unix:/PATH to listen.")
        }
        switch upstream {
        case .tcp(let host, let port):
            // Wherever it listens, the proxy is on the same machine unless somebody says otherwise.
            plan.upstream = .tcp(host: host == "0.0.0.0" ? "127.0.0.1" : host == "::" ? "::1" : host, port: port)
        case .unix(let path):
            plan.upstream = .unix(path: path)
        }
        plan.bodyBytesMax = settings.bodyBytesMax
        if let certificate, let key { plan.tls = .files(certificate: certificate, key: key) }
        if withoutTLS { plan.tls = .none }
        if let inner { plan.position = .inner(outer: inner.split(separator: ",").map { String($0) }) }
        plan.staticDirectory = `static`
        plan.proxyVersion = version
        plan.pangolinSchema = schema
        plan.trustedProxies = settings.trustedProxies.entries
        return plan
    }

    private func show(_ file: ConfigurationFile, of count: Int) {
        if count > 1 { print("# ---- \(file.name) ----") }
        print(file.text, terminator: count > 1 ? "\n" : "")
    }

    private func write(_ file: ConfigurationFile, to folder: String) throws {
        let url = URL(fileURLWithPath: folder).appendingPathComponent(file.name)
        guard !FileManager.default.fileExists(atPath: url.path) else {
            throw ValidationError("\(url.path) is there already. Nothing was overwritten.")
        }
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(file.text.utf8).write(to: url)
        // For the proxy's user to read: nothing in it is a secret.
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: url.path)
        print("Wrote \(url.path)")
    }

    private func report(_ binary: ProxyBinary?, _ files: [ConfigurationFile]) async throws {
        guard let binary else {
            return Self.say("\(name.rawValue) has no check of its own: nothing was checked.")
        }
        switch try await binary.check(files, certificate: certificate.flatMap { chain in key.map { (chain, $0) } }) {
        case .notInstalled: Self.say("\(binary.program) is not installed here: nothing was checked.")
        case .good: Self.say("\(binary.program) finds no fault with it.")
        case .bad(let output):
            Self.say(output)
            throw ExitCode.failure
        }
    }

    /// Beside what may be on its way into a file.
    private static func say(_ text: String) {
        fflush(nil)
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}
