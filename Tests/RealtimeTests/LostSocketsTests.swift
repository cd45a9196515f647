import Model
import NIOCore
import Proxy
import Testing

@testable import Realtime

@Suite("Sockets that end without a word")
struct LostSocketsTests {
    @Test("at the same age are something's time limit")
    func peak() {
        let lost = LostSockets()
        for index in 0..<30 { lost.record(age: .seconds(60) + .milliseconds(Int64(index) * 30)) }
        for index in 0..<20 { lost.record(age: .seconds(Int64(index) * 17)) }
        #expect(lost.peak == .init(age: 60, count: 30, total: 50))
    }

    @Test("at any age are nobody's fault")
    func spread() {
        let lost = LostSockets()
        for index in 0..<500 { lost.record(age: .seconds(Int64(index) * 7)) }
        #expect(lost.peak == nil)
        #expect(lost.total == 500)
    }

    @Test("are not judged while they are few, nor when people just leave at once")
    func few() {
        let lost = LostSockets()
        for _ in 0..<19 { lost.record(age: .seconds(60)) }
        #expect(lost.peak == nil)
        let left = LostSockets()
        for _ in 0..<100 { left.record(age: .seconds(1)) }
        #expect(left.peak == nil)
    }

    @Test("of one network count ten times, so that nobody makes a time limit up alone")
    func forged() throws {
        let lost = LostSockets()
        for _ in 0..<1000 { lost.record(age: .seconds(60), from: AddressRange("203.0.113.9")) }
        #expect(lost.total == 10 && lost.peak == nil)
        for index in 1...10 { lost.record(age: .seconds(60), from: AddressRange("198.51.100.\(index)")) }
        #expect(lost.peak == .init(age: 60, count: 20, total: 20))
    }

    @Test("are forgotten after a day, and a network may then be counted again")
    func forgotten() {
        let lost = LostSockets()
        let (start, network) = (Timestamp.steady, AddressRange("203.0.113.9"))
        for _ in 0..<30 { lost.record(age: .seconds(60), from: network, now: start) }
        #expect(lost.ages(start + .days(1)).count == 10)
        #expect(lost.ages(start + .days(1) + Seconds(1)).isEmpty)
        lost.record(age: .seconds(60), from: network, now: start + .days(2))
        #expect(lost.ages(start + .days(2)).count == 1)
    }

    @Test("are remembered up to a number, the oldest forgotten first")
    func bounded() {
        let lost = LostSockets()
        for age in 0..<6000 { lost.record(age: .milliseconds(Int64(age))) }
        #expect(lost.total == 5000)
    }

    @Test("of any age are counted, be it below zero or above an hour")
    func extremes() {
        let lost = LostSockets()
        for age: TimeAmount in [.seconds(-5), .hours(9), .nanoseconds(.max)] { lost.record(age: age) }
        #expect(lost.total == 3)
    }
}
