import Logging
import NIOCore
import NIOEmbedded
import Testing

@testable import Realtime

@Suite("Limits of sockets")
struct LimitTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    @Test("A second's worth of frames may come at once, and then as many as time brings")
    func budget() {
        var budget = FrameBudget(perSecond: 10, now: start)
        #expect((0..<15).filter { _ in budget.take(now: start) }.count == 10)
        #expect((0..<15).filter { _ in budget.take(now: start + .milliseconds(500)) }.count == 5)
        #expect((0..<50).filter { _ in budget.take(now: start + .seconds(60)) }.count == 10, "it does not pile up")
    }

    @Test(
        "Addresses that a proxy may stand behind are not counted; of IPv6 the first 64 bits are",
        arguments: [
            ("127.0.0.1", nil), ("10.1.2.3", nil), ("172.16.0.1", nil), ("172.31.255.255", nil), ("192.168.1.1", nil),
            ("169.254.1.1", nil), ("100.64.0.1", nil), ("::1", nil), ("fd00::1", nil), ("fe80::1", nil),
            ("::ffff:10.0.0.1", nil), ("172.32.0.1", "2887778305"), ("203.0.113.5", "3405803781"),
            ("::ffff:203.0.113.5", "3405803781"), ("2001:db8:1:2:3:4:5:6", "20:1:d:b8:0:1:0:2"),
            ("2001:db8:1:2:ffff::", "20:1:d:b8:0:1:0:2"),
        ] as [(String, String?)])
    func addresses(text: String, key: String?) throws {
        #expect(AddressCounts.key(try SocketAddress(ipAddress: text, port: 1)) == key)
    }

    @Test("One socket too many from an address is refused, until one of the others has gone")
    func perAddress() throws {
        let counts = AddressCounts(max: 2)
        let (here, there) = (
            try SocketAddress(ipAddress: "203.0.113.5", port: 1), try SocketAddress(ipAddress: "203.0.113.6", port: 1)
        )
        #expect(counts.enter(here) && counts.enter(here) && !counts.enter(here))
        #expect(counts.enter(there))
        counts.leave(here)
        #expect(counts.enter(here) && !counts.enter(here))
    }

    @Test("A connection too many is told so in HTTP and closed, and counts again when another has gone")
    func connections() throws {
        let limit = ConnectionLimit(max: 1, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let (first, second, third) = (EmbeddedChannel(), EmbeddedChannel(), EmbeddedChannel())
        for channel in [first, second, third] {
            try channel.connect(to: SocketAddress(ipAddress: "203.0.113.5", port: 1)).wait()
        }
        #expect(limit.admit(first))
        #expect(!limit.admit(second))
        let answer = try second.readOutbound(as: ByteBuffer.self).map { String(buffer: $0) }
        #expect(answer?.hasPrefix("HTTP/1.1 503 ") == true && !second.isActive)
        try first.close().wait()
        first.embeddedEventLoop.run()
        #expect(limit.admit(third))
        try third.close().wait()
    }
}
