import Logging
import Model
import Synchronization
import Testing

@testable import Realtime

@Suite("What the front door tells the operator")
struct DoorLogTests {
    private let log = DoorLog(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })

    private func notice(_ kind: DoorNotice.Kind, _ subject: String, at seconds: Int64) {
        log.notice(kind, of: subject, at: Timestamp(milliseconds: seconds * 1000)) {
            ["peer": "\(subject) at \(seconds)"]
        } cure: {
            "cure of \(subject)"
        }
    }

    @Test("is counted by kind and subject, the latest first")
    func counts() {
        notice(.untrustedProxy, "10.0.0.1", at: 1)
        notice(.silentProxy, "10.0.0.1", at: 2)
        notice(.untrustedProxy, "10.0.0.1", at: 3)
        #expect(log.notices.map(\.kind) == [.untrustedProxy, .silentProxy])
        #expect(log.notices.map(\.count) == [2, 1])
        #expect(log.notices[0].firstAt == Timestamp(milliseconds: 1000))
        #expect(log.notices[0].cure == "cure of 10.0.0.1")
    }

    @Test("goes on being counted after it was logged a second time")
    func secondHour() {
        for seconds: Int64 in [0, 1800, 3601] { notice(.unknownHost, "other.example", at: seconds) }
        #expect(log.notices.map(\.count) == [3])
        #expect(log.notices[0].details.map(\.value) == ["other.example at 3601"])
        #expect(log.notices[0].firstAt == Timestamp(milliseconds: 0))
    }

    @Test("is not more than 64 subjects of a kind, and what happens again and again is not pushed out by strangers")
    func bounded() {
        for seconds: Int64 in [0, 1] { notice(.unknownHost, "chat.example.org", at: seconds) }
        notice(.untrustedProxy, "10.0.0.1", at: 2)
        for index in 0..<200 { notice(.unknownHost, "host-\(index)", at: 3 + Int64(index)) }
        let hosts = log.notices.filter { $0.kind == .unknownHost }.map(\.cure)
        #expect(hosts.count == 64)
        #expect(hosts.contains("cure of chat.example.org") && hosts.contains("cure of host-199"))
        #expect(log.notices.contains { $0.kind == .untrustedProxy })
    }

    @Test("fills the log with no more than 64 lines of a kind in an hour")
    func lines() {
        let recorder = Recorder()
        let log = DoorLog(logger: Logger(label: "test") { _ in recorder })
        for second: Int64 in 0..<200 {
            log.notice(.unknownHost, of: "host-\(second)", at: moment(second)) {
                [:]
            } cure: {
                ""
            }
        }
        #expect(recorder.lines == 64)
        log.notice(.untrustedProxy, of: "10.0.0.1", at: moment(200)) {
            [:]
        } cure: {
            ""
        }
        log.notice(.unknownHost, of: "another", at: moment(3600)) {
            [:]
        } cure: {
            ""
        }
        #expect(recorder.lines == 66)
    }

    private func moment(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: 1_000_000 + seconds * 1000) }
}

/// Counts lines.
private final class Recorder: LogHandler {
    private let count = Mutex(0)
    var lines: Int { count.withLock { $0 } }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) { count.withLock { $0 += 1 } }
}
