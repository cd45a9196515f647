import Foundation
import Model
import Outgoing
import Proxy
import Testing

@testable import parley

@Suite("Settings")
struct SettingsTests {
    private func sources(
        flags: [String: String] = [:], environment: [String: String] = [:], file: String? = nil
    ) async throws -> SettingsSources {
        var flags = flags
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("settings-\(UUID())").path
        try (file ?? "").write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        flags["settings-file"] = path
        return try await SettingsSources(flags: flags, environment: environment)
    }

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../..").standardized

    @Test("A flag beats the environment, which beats the file, which beats the default")
    func precedence() async throws {
        let name = "ping-seconds"
        let setting = try #require(SettingsTable[name])
        let file = "# a comment\n\nPARLEY_PING_SECONDS=3\n"
        let environment = ["PARLEY_PING_SECONDS": "2"]
        var resolved = try await sources(flags: [name: "1"], environment: environment, file: file).resolve(setting)
        #expect(resolved.value == "1" && resolved.source == .flag)
        resolved = try await sources(environment: environment, file: file).resolve(setting)
        #expect(resolved.value == "2" && resolved.source == .environment)
        resolved = try await sources(file: file).resolve(setting)
        #expect(resolved.value == "3" && resolved.source == .file)
        resolved = try await sources().resolve(setting)
        #expect(resolved.value == "25" && resolved.source == .standard)
    }

    @Test("The defaults are good settings")
    func defaults() async throws {
        let settings = try Settings(await sources())
        #expect(settings.publicURL.description == "http://localhost:8080")
        #expect(settings.limits.messageCharactersMax == 4000)
    }

    @Test(
        "Every setting is reachable in all three ways",
        arguments: SettingsTable.all.filter { $0.name != "settings-file" })
    func reachable(setting: Setting) async throws {
        let value = "value-of-\(setting.name)"
        #expect(try await sources(flags: [setting.name: value]).resolve(setting).value == value)
        #expect(try await sources(environment: [setting.variable: value]).resolve(setting).value == value)
        #expect(try await sources(file: "\(setting.variable)=\(value)").resolve(setting).value == value)
    }

    @Test("An unknown name stops the start, with what was read and where, and what was perhaps meant")
    func unknown() async throws {
        await #expect {
            try await sources(environment: ["PARLEY_LISTN": "x"])
        } throws: {
            "\($0)".contains("PARLEY_LISTN") && "\($0)".contains("environment") && "\($0)".contains("PARLEY_LISTEN?")
        }
        await #expect {
            try await sources(file: "\nLISTEN=x")
        } throws: { "\($0)".contains("LISTEN") && "\($0)".contains("line 2") }
        await #expect { try await sources(file: "what is this") } throws: { "\($0)".contains("line 1") }
    }

    @Test(
        "A malformed value stops the start, with its name, what was read, and what is allowed",
        arguments: [
            ("listen", "8080"), ("listen", "localhost:"), ("listen", "a:b:c"), ("listen", "x:70000"),
            ("public-url", "chat.example.com"), ("public-url", "ftp://x"), ("allowed-origins", "https://a.example,b"),
            ("data-dir", ""), ("registration", "maybe"), ("session-days", "0"), ("session-days", "1.5"),
            ("ping-seconds", "-1"), ("allow-query-token", "perhaps"), ("log-level", "loud"),
            ("message-characters-max", "9223372036854775808"), ("smtp-url", "mail.example.com"),
            ("smtp-url", "smtp://a/b"), ("smtp-starttls", "maybe"), ("mail-from", "Parley"),
            ("mail-retry-seconds", "0"), ("outgoing-addresses", "all"),
        ])
    func malformed(name: String, value: String) async throws {
        let sources = try await sources(flags: [name: value])
        #expect {
            try Settings(sources)
        } throws: { error in
            "\(error)".contains(name) && "\(error)".contains("\"\(value)\"") && "\(error)".contains("Allowed:")
        }
    }

    @Test("A secret is masked wherever it is shown")
    func masked() async throws {
        let resolved = try await sources(environment: ["PARLEY_TOKEN_KEY": "hush"]).all
        #expect(!SettingsListing.table(resolved).contains("hush"))
        let setting = try #require(SettingsTable["token-key"])
        let error = SettingsError.malformed(ResolvedSetting(setting: setting, value: "hush", source: .environment))
        #expect(!"\(error)".contains("hush"))
    }

    @Test("A password that was put into an address is masked, too, and the address not taken")
    func maskedInAddress() async throws {
        let sources = try await sources(environment: ["PARLEY_SMTP_URL": "smtps://me:hush@mail.example.com"])
        #expect(!SettingsListing.table(sources.all).contains("hush"))
        #expect {
            try Settings(sources)
        } throws: { "\($0)".contains("smtp-url") && !"\($0)".contains("hush") }
    }

    @Test("What a mail server is told of us is the public URL's host, an address in brackets")
    func ownName() async throws {
        for (url, name) in [
            ("https://chat.example.com:8443/x", "chat.example.com"), ("http://192.0.2.1", "[192.0.2.1]"),
            ("http://[2001:db8::1]:81", "[IPv6:2001:db8::1]"),
        ] {
            let flags = ["public-url": url, "smtp-url": "smtps://mail.example.com", "mail-from": "chat@example.com"]
            #expect(try Settings(await sources(flags: flags)).mail?.server.ownName == name)
        }
    }

    @Test(".env.example has every setting with its default, and nothing else")
    func example() throws {
        let text = try String(contentsOf: Self.root.appendingPathComponent(".env.example"), encoding: .utf8)
        #expect(text == SettingsListing.example)
        for setting in SettingsTable.all { #expect(text.contains("\n# \(setting.variable)=\(setting.defaultValue)\n")) }
    }

    @Test("docs/settings.md is made from the same table")
    func documentation() throws {
        let text = try String(contentsOf: Self.root.appendingPathComponent("docs/settings.md"), encoding: .utf8)
        #expect(text == SettingsListing.markdown)
    }

    @Test("Flags are taken out of a command line in both forms, and the rest is left")
    func flags() throws {
        let read = try FlagReader([
            "user", "create", "--data-dir", "/x", "titania", "--listen=a:1", "--name", "T", "--", "--listen",
        ])
        #expect(read.flags == ["data-dir": "/x", "listen": "a:1"])
        #expect(read.rest == ["user", "create", "titania", "--name", "T", "--", "--listen"])
        #expect(throws: SettingsError.missingValue(flag: "--listen")) { try FlagReader(["serve", "--listen"]) }
    }

    @Test("Secrets are taken from no argument", arguments: SettingsTable.all.filter(\.isSecret))
    func secretFlags(setting: Setting) throws {
        for arguments in [["serve", "--\(setting.name)", "hush"], ["serve", "--\(setting.name)=hush"]] {
            #expect {
                _ = try FlagReader(arguments)
            } throws: { "\($0)".contains(setting.variable) && !"\($0)".contains("hush") }
        }
    }

    @Test(
        "The address to listen on may be a name, IPv4, IPv6 or a Unix socket",
        arguments: [
            ("localhost:80", .tcp(host: "localhost", port: 80)), ("0.0.0.0:0", .tcp(host: "0.0.0.0", port: 0)),
            ("[::1]:8080", .tcp(host: "::1", port: 8080)), ("unix:/run/p.sock", .unix(path: "/run/p.sock")),
        ] as [(String, ListenAddress)])
    func listen(text: String, address: ListenAddress) throws {
        #expect(try #require(ListenAddress(text)) == address)
        #expect(address.description == text)
    }

    @Test("Several addresses may be listened on, all of them right")
    func listenOnSeveral() throws {
        let addresses = try #require(ListenAddress.list("127.0.0.1:80, [::1]:80,unix:/run/p.sock"))
        #expect(addresses.map(\.description) == ["127.0.0.1:80", "[::1]:80", "unix:/run/p.sock"])
        for text in ["", ",", "127.0.0.1:80,x", "unix:p.sock", "unix:/" + String(repeating: "x", count: 200)] {
            #expect(ListenAddress.list(text) == nil)
        }
        #expect(
            ListenAddress.localURL([.unix(path: "/x"), .tcp(host: "::1", port: 81)]).origin == "http://localhost:81")
    }
}

@Suite("The log")
struct LogTests {
    @Test(
        "writes what comes from outside so that it cannot forge a line or a field",
        arguments: [
            ("plain-word_1./:", "plain-word_1./:"), ("two words", "\"two words\""), ("", "\"\""),
            ("a\nlevel=error", "\"a\\nlevel=error\""), ("say \"hi\"", "\"say \\\"hi\\\"\""),
            ("a\u{1B}[31m", "\"a\\u{1b}[31m\""),
            ("\u{202E}x", "\"\\u{202e}x\""), ("a=b", "\"a=b\""),
        ])
    func quoted(text: String, line: String) {
        #expect(LogfmtHandler.quoted(text) == line)
    }
}
