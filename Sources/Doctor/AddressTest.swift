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
    /// Seconds that a test may take, and its key is good for.
    private static let keyLifetime: Int64 = 300

    package init(url: PublicURL, desk: DoctorDesk) {
        self.url = url
        self.desk = desk
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
            let now = Timestamp.now.milliseconds / 1000
            var examination = Examination(
                Probe(url: url, key: desk.key(expiresAt: now + Self.keyLifetime)), isQuick: true
            ) { step in
                self.state.withLock { $0 = .running(step: step) }
            }
            let findings = await examination.run()
            state.withLock { $0 = .done(findings, at: .now) }
        }
    }
}
