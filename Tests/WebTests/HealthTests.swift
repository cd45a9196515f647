import Testing

@testable import Web

@Suite("The server's health")
struct HealthTests {
    @Test("is not good until the database is up to date, and is then the database's")
    func report() async {
        let health = Health(version: "1") { true }
        var report = await health.report()
        #expect(report.status == "starting" && report.database == "migrating" && !report.isHealthy)
        health.becomeReady()
        report = await health.report()
        #expect(report.status == "ok" && report.database == "ok" && report.isHealthy)
    }

    @Test("is failing where the database does not answer")
    func failing() async {
        let health = Health(version: "1") { false }
        health.becomeReady()
        let report = await health.report()
        #expect(report.status == "failing" && report.database == "unavailable" && !report.isHealthy)
    }

    @Test("lets everybody go on who waits for it, and whoever comes later")
    func waiting() async {
        let health = Health(version: "1") { true }
        await withDiscardingTaskGroup { group in
            for _ in 0..<3 { group.addTask { await health.waitUntilReady() } }
            group.addTask { health.becomeReady() }
        }
        await health.waitUntilReady()
    }

    @Test("is not waited for by who is told to stop")
    func cancelled() async {
        let health = Health(version: "1") { true }
        let task = Task { await health.waitUntilReady() }
        task.cancel()
        await task.value
    }
}
