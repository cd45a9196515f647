import CCurl
import Dispatch
import Foundation
import Synchronization

/// Runs transfers on threads of its own, one for each that is under way: neither an event loop nor Swift's cooperative
/// threads ever wait for one. A thread begins when there is work for it and ends when there is none.
///
/// One for each, and not libcurl's interface for many on one: there, waiting for a mail server's last word stops all.
package final class CurlRunner: Sendable {
    /// Most that wait for a thread. One more is refused.
    private static let waitingMax = 1024

    private struct Job: Sendable {
        let id: Int
        let transfer: CurlTransfer
        let abort: CurlAbort
    }

    private struct State {
        var lastID = 0
        /// Of those whose caller still waits.
        var continuations: [Int: CheckedContinuation<CurlOutcome, any Error>] = [:]
        var waiting: [Job] = []
        var threads = 0
        var idleWaiters: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())
    private let name: String
    private let threadsMax: Int

    /// - Parameter name: the threads'.
    package init(name: String, threadsMax: Int = 16) {
        self.name = name
        self.threadsMax = threadsMax
    }

    /// - Throws: `CancellationError` as soon as the task is cancelled; libcurl lets go within a second. `CurlFault` where
    ///   it could not begin.
    func run(_ transfer: CurlTransfer) async throws -> CurlOutcome {
        let job = Job(id: makeID(), transfer: transfer, abort: CurlAbort())
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { add(job, $0) }
        } onCancel: {
            job.abort.set()
            end(job, .failure(CancellationError()))
        }
    }

    /// Waits until nothing is under way, farewells included: a program that ends in the middle of libcurl's work may end
    /// badly.
    package func waitUntilIdle(atMost seconds: Double) async {
        let id = makeID()
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                if state.threads > 0 { state.idleWaiters[id] = continuation }
                return state.threads == 0
            }
            if isIdle { return continuation.resume() }
            DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { [self] in
                state.withLock { $0.idleWaiters.removeValue(forKey: id) }?.resume()
            }
        }
    }

    private func makeID() -> Int {
        state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
    }

    private func add(_ job: Job, _ continuation: CheckedContinuation<CurlOutcome, any Error>) {
        let refusal = state.withLock { state -> (any Error)? in
            guard !job.abort.isSet else { return CancellationError() }
            guard Self.isPrepared == CURLE_OK else { return CurlFault(Self.isPrepared) }
            guard state.waiting.count < Self.waitingMax else { return CurlFault("too many transfers are waiting") }
            state.continuations[job.id] = continuation
            state.waiting.append(job)
            guard state.threads < threadsMax else { return nil }
            state.threads += 1
            let thread = Thread { self.work() }
            thread.name = name
            thread.start()
            return nil
        }
        if let refusal { continuation.resume(throwing: refusal) }
    }

    /// Tells the caller, unless somebody has already.
    private func end(_ job: Job, _ result: Result<CurlOutcome, any Error>) {
        state.withLock { $0.continuations.removeValue(forKey: job.id) }?.resume(with: result)
    }

    private func work() {
        while let job = next() {
            do {
                let transfer = try ActiveTransfer(job.transfer, abort: job.abort)
                // Told before the farewell, which is said when the transfer is freed, and may take its time.
                withExtendedLifetime(transfer) { end(job, .success(transfer.perform())) }
            } catch {
                end(job, .failure(error))
            }
        }
    }

    /// - Returns: `nil` when there is nothing left to do, and the thread has to end.
    private func next() -> Job? {
        let (job, waiters) = state.withLock { state -> (Job?, [CheckedContinuation<Void, Never>]) in
            state.waiting.removeAll { $0.abort.isSet }
            guard state.waiting.isEmpty else { return (state.waiting.removeFirst(), []) }
            state.threads -= 1
            guard state.threads == 0 else { return (nil, []) }
            defer { state.idleWaiters = [:] }
            return (nil, Array(state.idleWaiters.values))
        }
        for waiter in waiters { waiter.resume() }
        return job
    }

    /// Once for the process.
    private static let isPrepared = curl_global_init(Int(CURL_GLOBAL_DEFAULT))
}

/// Whether nobody waits for a transfer any more. Any thread may say so.
final class CurlAbort: Sendable {
    private let flag = Atomic(false)

    var isSet: Bool { flag.load(ordering: .relaxed) }

    func set() { flag.store(true, ordering: .relaxed) }
}
