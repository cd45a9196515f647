import Model
import Testing

@testable import Auth

@Suite("A rate")
struct RateLimiterTests {
    private func moment(_ seconds: Double) -> Timestamp { Timestamp(milliseconds: 1_000_000 + Int64(seconds * 1000)) }

    @Test("lets its whole count through at once, then one at a time, evenly")
    func burstThenEvenly() throws {
        let limiter = RateLimiter<String>(Rate(3, per: 30))
        for _ in 0..<3 { try limiter.take("titania", now: moment(0)) }
        #expect(throws: ChatError.self) { try limiter.take("titania", now: moment(0)) }
        #expect(throws: ChatError.self) { try limiter.take("titania", now: moment(9.9)) }
        try limiter.take("titania", now: moment(10))
        #expect(throws: ChatError.self) { try limiter.take("titania", now: moment(10)) }
        try limiter.take("titania", now: moment(20))
    }

    @Test("says how long to wait, and that is enough")
    func wait() throws {
        let limiter = RateLimiter<String>(Rate(2, per: 60))
        for _ in 0..<2 { try limiter.take("titania", now: moment(0)) }
        let refusal = #expect(throws: ChatError.self) { try limiter.take("titania", now: moment(5)) }
        #expect(refusal?.code == .tooManyRequests)
        let wait = try #require(refusal?.retryAfter?.count)
        #expect(wait == 25)
        try limiter.take("titania", now: moment(5 + Double(wait)))
    }

    @Test("is each one's own")
    func keys() throws {
        let limiter = RateLimiter<String>(Rate(1, per: 60))
        try limiter.take("titania", now: moment(0))
        try limiter.take("oberon", now: moment(0))
        #expect(throws: ChatError.self) { try limiter.take("titania", now: moment(1)) }
    }

    @Test("does not count what is only asked about, nor what is refused")
    func check() throws {
        let limiter = RateLimiter<String>(Rate(1, per: 60))
        for _ in 0..<5 { try limiter.check("titania", now: moment(0)) }
        try limiter.take("titania", now: moment(0))
        for _ in 0..<5 { #expect(throws: ChatError.self) { try limiter.check("titania", now: moment(1)) } }
        try limiter.check("titania", now: moment(60))
    }

    @Test("remembers no more than it may, and those who used most the longest")
    func bounded() throws {
        let limiter = RateLimiter<Int>(Rate(3, per: 300), keysMax: 100)
        for _ in 0..<3 { try limiter.take(-1, now: moment(0)) }
        for key in 0..<10_000 { try limiter.take(key, now: moment(1)) }
        #expect(limiter.keysInUse <= 100)
        #expect(throws: ChatError.self) { try limiter.take(-1, now: moment(2)) }
    }

    @Test(
        "is written as a count and seconds",
        arguments: ["", "1", "0/5", "5/0", "-1/5", "5/-1", "1/2/3", "a/b", "1.5/2"])
    func malformed(text: String) {
        #expect(Rate(text) == nil)
        #expect(Rate("30/300") == Rate(30, per: 300))
    }
}
