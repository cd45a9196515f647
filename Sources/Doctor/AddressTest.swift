package import Model
package import Proxy
import Synchronization

/// The server's own look at its public address, asked for on the admin's page: one at a time, the last result kept.
package final class AddressTest: Sendable {
    package enum State: Sendable {
        case never
        /// - Parameter step: what is looked at just now.
        case running(step: String)
        case done([Finding], at: Timestamp)
    }

    private let url: PublicURL
    private let desk: DoctorDesk
    private let state = Mutex(State.never)
    private let requests = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    private let timeLimit: Seconds
    private let examine: Examine

    /// Looks at an address with a key, and tells each step.
    typealias Examine = @Sendable (Probe, @escaping @Sendable (String) -> Void) async -> [Finding]

    package convenience init(url: PublicURL, desk: DoctorDesk) {
        self.init(url: url, desk: desk, timeLimit: Seconds(300)) { probe, step in
            var examination = Examination(probe, isQuick: true, progress: step)
            return await examination.run()
        }
    }

    /// - Parameter timeLimit: for the whole test, and its key's life.
    init(url: PublicURL, desk: DoctorDesk, timeLimit: Seconds, examine: @escaping Examine) {
        self.url = url
        self.desk = desk
        self.timeLimit = timeLimit
        self.examine = examine
    }

    package var current: State { state.withLock { $0 } }

    /// Asks for a test; one that runs already is it.
    package func start() {
        let isNew = state.withLock { state in
            if case .running = state { return false }
            state = .running(step: "the first look")
            return true
        }
        if isNew { requests.continuation.yield() }
    }

    /// Does what is asked for, until the task is cancelled.
    package func run() async {
        for await _ in requests.stream {
            let findings = await findings()
            state.withLock { $0 = .done(findings, at: .now) }
        }
    }

    /// What was found, or after the time limit that nothing was. What does not end then is left to itself: an address that
    /// keeps us waiting must not keep the operator from asking again.
    private func findings() async -> [Finding] {
        let key = desk.key(expiresAt: Timestamp.now.milliseconds / 1000 + timeLimit.count)
        let (ends, end) = AsyncStream.makeStream(of: [Finding].self)
        let test = Task { [examine, probe = Probe(url: url, key: key)] in
            end.yield(
                await examine(probe) { step in
                    // One that was given up has nothing more to say.
                    self.state.withLock { if case .running = $0 { $0 = .running(step: step) } }
                })
        }
        let limit = Task { [timeLimit] in
            guard (try? await Task.sleep(for: .seconds(timeLimit.count))) != nil else { return }
            end.yield([Self.givenUp(timeLimit)])
        }
        defer {
            test.cancel()
            limit.cancel()
        }
        for await findings in ends { return findings }
        return []
    }

    private static func givenUp(_ limit: Seconds) -> Finding {
        Finding(
            "time", .untested, "The look at the address", saw: "it was not done after \(limit.words), and was given up",
            cure: "parley doctor, from another machine: it says what it waits for")
    }
}
