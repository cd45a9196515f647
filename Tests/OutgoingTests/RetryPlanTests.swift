import Model
import Outgoing
import Testing

@Suite("When a mail is tried again")
struct RetryPlanTests {
    @Test("After a minute, then after twice as long each time, at most four hours")
    func doubling() {
        let waits = (1...12).map { RetryPlan().wait(after: $0).count }
        #expect(waits == [60, 120, 240, 480, 960, 1920, 3840, 7680, 14_400, 14_400, 14_400, 14_400])
    }

    @Test("However often it was tried, the wait is one", arguments: [0, 1, 63, 64, 65, 1000, Int.max])
    func extremes(attempts: Int) {
        #expect((60...14_400).contains(RetryPlan().wait(after: attempts).count))
    }

    @Test("A first wait that is longer than the longest stays")
    func longFirst() {
        var plan = RetryPlan()
        plan.wait = Seconds(20_000)
        #expect(plan.wait(after: 1).count == 20_000 && plan.wait(after: 9).count == 20_000)
    }
}
