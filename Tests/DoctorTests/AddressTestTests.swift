import Crypto
import Model
import Proxy
import Testing

@testable import Doctor

@Suite("The server's look at its own address", .timeLimit(.minutes(5)))
struct AddressTestTests {
    private func test(
        timeLimit: Seconds, examine: @escaping AddressTest.Examine
    ) throws -> AddressTest {
        AddressTest(
            url: try #require(PublicURL("http://localhost:1")), desk: DoctorDesk(root: SymmetricKey(size: .bits256)),
            timeLimit: timeLimit, examine: examine)
    }

    /// Waits until a test is done, and gives what it found.
    private func findings(of test: AddressTest) async throws -> [Finding] {
        while true {
            if case .done(let findings, _) = test.current { return findings }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    @Test("ends with what was found")
    func found() async throws {
        let test = try test(timeLimit: Seconds(60)) { _, step in
            step("a door")
            return [Finding("door", .ok, "The door", saw: "open")]
        }
        let running = Task { await test.run() }
        defer { running.cancel() }
        test.start()
        #expect(try await findings(of: test).map(\.check) == ["door"])
    }

    @Test("is given up after its time, even where it does not heed that, and can then be asked for again")
    func givenUp() async throws {
        let (never, hold) = AsyncStream.makeStream(of: Void.self)
        defer { hold.finish() }
        let test = try test(timeLimit: Seconds(0)) { _, _ in
            await Task { for await _ in never {} }.value
            return []
        }
        let running = Task { await test.run() }
        defer { running.cancel() }
        for _ in 0..<2 {
            test.start()
            let findings = try await findings(of: test)
            #expect(findings.map(\.check) == ["time"] && findings.map(\.severity) == [.untested])
        }
    }
}
