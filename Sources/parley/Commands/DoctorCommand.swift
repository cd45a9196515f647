import ArgumentParser
import Doctor
import Foundation
import Proxy

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Find out what is wrong with a deployment, and which line to change.",
        discussion: """
            With an address it looks from outside, through the proxies, from wherever it runs: run it on another machine \
            than the server's. It needs a key from `parley doctor-key` on the server, in the variable PARLEY_DOCTOR_KEY or \
            as --key. It changes nothing.

            Without an address it looks at this machine: settings, data directory, keys, limits, ports.

            The exit status is 0 where all is well, 1 with warnings, 2 with failures.
            """)

    @Argument(help: "The public URL, such as https://chat.example.com.")
    var address: String?

    @Option(help: "The key from `parley doctor-key`.")
    var key: String?

    @Option(help: "The proxy in front, where the guess is wrong.")
    var proxy: ProxyKind?

    @Option(help: "A PEM file of authorities to trust instead of the system's.")
    var authorities: String?

    @Option(help: "The address of this machine to look from, where it has several.")
    var from: String?

    @Option(help: "Where plain http is answered, if not at port 80.")
    var httpPort = 80

    @Option(help: "The server's own address behind an edge, as HOST or HOST:PORT: nobody should get in there.")
    var origin: String?

    @Option(help: "Addresses to look at one by one in place of those that the name leads to, with commas between.")
    var addresses: String?

    @Option(help: "How many seconds a quiet socket is watched, 5 to 600. The server pings after 25.")
    var silence = 75

    @Flag(help: "Leave out what takes longer than some seconds.")
    var quick = false

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (5...600).contains(silence) else { throw ValidationError("--silence is 5 to 600.") }
        guard (1...65_535).contains(httpPort) else { throw ValidationError("--http-port is 1 to 65535.") }
        let strange = addresses?.split(separator: ",").first { IPAddress(String($0)) == nil }
        if let strange { throw ValidationError("--addresses: \(strange) is no address.") }
    }

    func run() async throws {
        let findings = if let address { try await examine(address) } else { await Preflight().run() }
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            print(String(decoding: try encoder.encode(findings), as: UTF8.self))
        } else {
            FindingsListing(isColored: isatty(STDOUT_FILENO) == 1).show(findings, again: again)
        }
        switch findings.map(\.severity).max() {
        case .failure: throw ExitCode(2)
        case .warning: throw ExitCode(1)
        default: break
        }
    }

    private var again: String { "parley doctor" + (address.map { " \($0)" } ?? "") + (quick ? " --quick" : "") }

    private func examine(_ address: String) async throws -> [Finding] {
        guard let url = PublicURL(address) else {
            throw ValidationError("\(address) is no public URL, such as https://chat.example.com.")
        }
        guard let text = key ?? ProcessInfo.processInfo.environment[SettingsSources.doctorKeyVariable] else {
            throw ValidationError("A key is missing: run `parley doctor-key` on the server, and pass it with --key.")
        }
        guard let key = DoctorKey(text) else { throw ValidationError("This is no key of `parley doctor-key`.") }
        guard key.expiresAt > Int64(Date().timeIntervalSince1970) else {
            throw ValidationError("The key has expired: run `parley doctor-key` on the server again.")
        }
        if !json {
            print("Looking at \(url) from this machine" + (quick ? "." : "; this takes about \(silence + 15) s."))
        }
        let isQuiet = json
        var examination = Examination(
            Probe(url: url, key: key, authorities: authorities, source: from, httpPort: httpPort), proxy: proxy,
            isQuick: quick, silence: .seconds(silence), origin: origin,
            addresses: addresses?.split(separator: ",").map { String($0) } ?? [], isFrom: from != nil
        ) { step in
            if !isQuiet { FileHandle.standardError.write(Data("… \(step)\n".utf8)) }
        }
        return await examination.run()
    }
}

struct DoctorKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor-key",
        abstract: "Make a key for `parley doctor`: whoever has it may see what the server sees of their own requests.")

    @Option(help: "How many minutes it is good for, 1 to 1440.")
    var minutes: Int64 = 60

    func validate() throws {
        guard (1...1440).contains(minutes) else { throw ValidationError("--minutes is 1 to 1440.") }
    }

    func run() async throws {
        let core = try await Core.forCommand()
        print(core.doctorDesk.key(expiresAt: Int64(Date().timeIntervalSince1970) + minutes * 60).text)
    }
}
