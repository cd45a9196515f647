import Foundation
import HTTPTypes
package import Logging
package import Model
package import Storage

/// Sends what people write to the hooks of their rooms. One for each database: two would send everything twice.
///
/// A message is marked as sent after it was taken. The end of the process in between sends it again, with the same
/// `webhook-id`; none is lost. To one hook messages go one after the other, in their order as long as they are taken;
/// one that is not is tried again later, and holds up no other.
package actor HookQueue {
    /// Most hooks that are talked to at once.
    private static let hooksMax = 16
    /// Most messages to one hook in a turn.
    private static let turnMax = 20

    private let store: any OutgoingHookStore
    private let fetch: HTTPFetch
    private let allowsPlain: Bool
    private let limits: HookLimits
    private let logger: Logger
    private var busy: Set<OutgoingHookID> = []
    /// Until when a hook that nobody answers at is left alone.
    private var pausedUntil: [OutgoingHookID: Timestamp] = [:]

    package init(
        store: any OutgoingHookStore, fetch: HTTPFetch, allowsPlain: Bool, limits: HookLimits, logger: Logger
    ) {
        self.store = store
        self.fetch = fetch
        self.allowsPlain = allowsPlain
        self.limits = limits
        self.logger = logger
    }

    /// Sends what is due, again and again, until it is cancelled. What is under way then is sent anew the next time.
    /// - Parameter interval: how often it looks.
    package func run(every interval: Duration) async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                for (hook, deliveries) in await due(at: .now) {
                    busy.insert(hook)
                    group.addTask { await self.send(deliveries, to: hook) }
                }
                try? await Task.sleep(for: interval)
            }
        }
    }

    /// The same once, and to its end.
    package func sendDue(at now: Timestamp) async {
        await withDiscardingTaskGroup { group in
            for (hook, deliveries) in await due(at: now) {
                busy.insert(hook)
                group.addTask { await self.send(deliveries, to: hook) }
            }
        }
    }

    /// What is to be sent now, by hooks that nobody talks to.
    private func due(at now: Timestamp) async -> [(OutgoingHookID, [DueDelivery])] {
        do {
            try await store.harvest(at: now, waitingMax: limits.waitingMax)
            pausedUntil = pausedUntil.filter { $0.value > now }
            let due = try await store.due(at: now, perHook: Self.turnMax)
            return Dictionary(grouping: due, by: \.hook)
                .filter { !busy.contains($0.key) && pausedUntil[$0.key] == nil }
                .sorted { $0.key.rawValue < $1.key.rawValue }
                .prefix(max(0, Self.hooksMax - busy.count)).map { ($0.key, $0.value) }
        } catch is CancellationError {
            return []
        } catch {
            logger.error("hooks could not be looked up", metadata: ["error": "\(error)"])
            return []
        }
    }

    private func send(_ deliveries: [DueDelivery], to hook: OutgoingHookID) async {
        defer { busy.remove(hook) }
        for delivery in deliveries where !Task.isCancelled {
            do {
                guard try await attempt(delivery) else { return }
            } catch is CancellationError {
                return
            } catch {
                return logger.error(
                    "what became of a message to a hook could not be noted",
                    metadata: ["delivery": "\(delivery.id.rawValue)", "error": "\(error)"])
            }
        }
    }

    /// - Returns: whether the hook's next message may be tried.
    private func attempt(_ delivery: DueDelivery) async throws -> Bool {
        guard let message = delivery.message, !message.isUnreadable, let secret = delivery.secret,
            let signature = WebhookSignature(secret: secret)
        else { return try await !giveUp(delivery, DeliveryAnswer(status: nil, error: "It cannot be read any more.")) }
        do {
            let status = try await post(delivery, message, signature)
            switch status {
            case 200..<300:
                try await store.markSent(delivery.id, DeliveryAnswer(status: status, error: nil), at: .now)
                return true
            case 410:
                let gone = DeliveryAnswer(status: status, error: "It answered 410 Gone.")
                return try await !giveUp(delivery, gone, note: "It said that it is gone for good (410 Gone).")
            case 300..<400:
                return try await postpone(
                    delivery,
                    DeliveryAnswer(status: status, error: "It answered with a redirect, which is not followed."))
            default:
                return try await postpone(delivery, DeliveryAnswer(status: status, error: "It answered \(status)."))
            }
        } catch let error as HTTPFetchError {
            if case .addressRefused(let refused) = error {
                logger.notice(
                    "a hook's address was refused",
                    metadata: ["hook": "\(delivery.hook.rawValue)", "refused": "\(refused)"])
            }
            let answer = DeliveryAnswer(status: nil, error: error.description)
            guard error.isTemporary else { return try await !giveUp(delivery, answer) }
            // Nobody is there: it would be the same for the hook's other messages.
            pausedUntil[delivery.hook] = Timestamp.now + limits.retry.wait
            _ = try await postpone(delivery, answer)
            return false
        }
    }

    private func post(
        _ delivery: DueDelivery, _ message: Message, _ signature: WebhookSignature
    ) async throws -> Int {
        let address = try HTTPAddress(delivery.address)
        guard address.isSecure || allowsPlain else {
            throw HTTPFetchError.badAddress("An address of a hook begins with https://.")
        }
        let body = WebhookBody(room: .init(slug: delivery.roomSlug, name: delivery.roomName), message: message).json
        let timestamp = Timestamp.now.milliseconds / 1000
        var request = HTTPFetch.Request(.post, address, body: body)
        request.fields[.contentType] = "application/json"
        request.fields[.webhookID] = delivery.webhookID
        request.fields[.webhookTimestamp] = String(timestamp)
        request.fields[.webhookSignature] = signature.value(
            id: delivery.webhookID, timestamp: timestamp, body: body)
        request.time = limits.time
        request.bodyBytesMax = limits.answerBytesMax
        return try await fetch(request).status.code
    }

    /// - Returns: whether the hook's next message may be tried.
    private func postpone(_ delivery: DueDelivery, _ answer: DeliveryAnswer) async throws -> Bool {
        let wait = limits.retry.wait(after: delivery.attempts + 1).count * 1000
        // Many that failed together are not tried together.
        let next = Timestamp(milliseconds: Timestamp.now.milliseconds + Int64.random(in: wait * 4 / 5...wait * 6 / 5))
        guard next < delivery.createdAt + limits.retry.duration else { return try await !giveUp(delivery, answer) }
        try await store.postpone(delivery.id, answer, until: next)
        return true
    }

    /// - Returns: whether the hook was disabled.
    private func giveUp(
        _ delivery: DueDelivery, _ answer: DeliveryAnswer, note: String? = nil
    ) async throws -> Bool {
        let isDisabled = try await store.giveUp(
            delivery.id, answer, at: .now, failuresMax: limits.failuresMax, note: note)
        if isDisabled {
            logger.warning("a hook was disabled", metadata: ["hook": "\(delivery.hook.rawValue)"])
        }
        return isDisabled
    }
}

extension HTTPField.Name {
    fileprivate static let webhookID = named("webhook-id")
    fileprivate static let webhookTimestamp = named("webhook-timestamp")
    fileprivate static let webhookSignature = named("webhook-signature")

    /// For names that are written in our sources, and are therefore known to be well formed.
    private static func named(_ name: String) -> Self {
        guard let field = Self(name) else { preconditionFailure("\(name) is not a field name") }
        return field
    }
}
