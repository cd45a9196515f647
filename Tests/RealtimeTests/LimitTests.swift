import Logging
import NIOCore
import NIOEmbedded
import Proxy
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
        "Addresses that many may stand behind are not counted; of IPv6 the first 64 bits are",
        arguments: [
            ("10.1.2.3", "10.1.2.3", true), ("::1", "::1", true), ("203.0.113.5", "203.0.113.5", false),
            ("203.0.113.5", "203.0.113.6", true), ("::ffff:203.0.113.5", "203.0.113.5", false),
            ("2001:db8:1:2::3", "2001:db8:1:2:ffff::", false), ("2001:db8:1:2::3", "2001:db8:1:3::3", true),
        ])
    func addresses(first: String, second: String, bothMay: Bool) throws {
        let counts = AddressCounts(max: 1)
        let (one, other): (IPAddress, IPAddress) = (try #require(IPAddress(first)), try #require(IPAddress(second)))
        #expect(counts.enter(one))
        #expect(counts.enter(other) == bothMay)
        #expect(counts.enter(nil) && counts.enter(nil))
    }

    @Test("One socket too many from an address is refused, until one of the others has gone")
    func perAddress() throws {
        let counts = AddressCounts(max: 2)
        let (here, there) = (
            try #require(IPAddress("203.0.113.5")), try #require(IPAddress("203.0.113.6"))
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
