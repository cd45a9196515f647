import Model
import Testing

@Suite("The steady clock")
struct SteadyClockTests {
    @Test("goes on and never back, and begins with the time of day")
    func steady() {
        let wall = Timestamp.now
        let first = Timestamp.steady
        #expect(abs(first.milliseconds - wall.milliseconds) < 60_000)
        var last = first
        for _ in 0..<1000 {
            let next = Timestamp.steady
            #expect(next >= last)
            last = next
        }
    }
}

@Suite("A moment")
struct TimestampTests {
    @Test(
        "is written as RFC 3339 in UTC with three decimals",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_709_164_799_999, "2024-02-28T23:59:59.999Z"),
            (1_767_323_045_678, "2026-01-02T03:04:05.678Z"),
            (4_102_444_800_000, "2100-01-01T00:00:00.000Z"),
        ])
    func iso8601(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).iso8601 == text)
    }

    @Test("moves by seconds and days")
    func addition() {
        let start = Timestamp(milliseconds: 500)
        #expect(start + Seconds(2) == Timestamp(milliseconds: 2500))
        #expect(start + .days(1) == Timestamp(milliseconds: 86_400_500))
    }
}
