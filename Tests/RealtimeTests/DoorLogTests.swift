import Logging
import Model
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

    @Test("is not more than 64 subjects of a kind, which no stranger can push out, nor silence other kinds")
    func bounded() {
        for index in 0..<200 { notice(.unknownHost, "host-\(index)", at: Int64(index)) }
        notice(.untrustedProxy, "10.0.0.1", at: 300)
        let hosts = log.notices.filter { $0.kind == .unknownHost }
        #expect(hosts.count == 64)
        #expect(Set(hosts.map(\.cure)) == Set((0..<64).map { "cure of host-\($0)" }))
        #expect(log.notices.contains { $0.kind == .untrustedProxy })
    }

    @Test("makes room for a new subject when one was not heard of for an hour")
    func room() {
        for index in 0..<64 { notice(.unknownHost, "host-\(index)", at: 0) }
        notice(.unknownHost, "host-1", at: 3600)
        notice(.unknownHost, "new", at: 3601)
        let cures = Set(log.notices.map(\.cure))
        #expect(cures.contains("cure of new") && cures.contains("cure of host-1") && cures.count == 64)
    }
}
