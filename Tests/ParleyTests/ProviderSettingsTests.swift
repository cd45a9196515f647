import OpenID
import Testing

@testable import parley

@Suite("The settings of providers")
struct ProviderSettingsTests {
    @Test("name Google by its client alone, and others in full")
    func read() throws {
        let providers = try ProviderSettings.providers(
            "google client-id=1.apps.googleusercontent.com; club issuer=https://id.example.org/realms/x client-id=parley label=\"Moth Club\" scopes=openid,email",
            secrets: " google = a=secret;with ; club=other".replacing(";with", with: ""))
        #expect(providers.map(\.name) == ["google", "club"])
        #expect(providers[0].issuer == "https://accounts.google.com" && providers[0].secret == "a=secret")
        #expect(providers[1].displayName == "Moth Club" && providers[1].scopes == ["openid", "email"])
        #expect(try ProviderSettings.providers("", secrets: "").isEmpty)
    }

    @Test(
        "say what is wrong, and never with a secret in it",
        arguments: [
            ("club", ""), ("club client-id=x", ""), ("club issuer=http://id.example.org client-id=x", ""),
            ("Club issuer=https://id.example.org client-id=x", ""), ("google client-id=x; google client-id=x", ""),
            ("google client-id=x secret=hidden", ""), ("google client-id=\"x", ""), ("", "club=hidden"),
            ("google client-id=x", "hidden"), ("google client-id=x", "google=@/nowhere/at/all"),
            ("google client-id=x scopes=email", "google=hidden"),
        ])
    func faults(providers: String, secrets: String) {
        do {
            _ = try ProviderSettings.providers(providers, secrets: secrets)
            Issue.record("was taken")
        } catch {
            #expect(!"\(error)".contains("hidden"))
        }
    }
}
