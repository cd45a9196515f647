import Model
import NIOCore
import Synchronization

/// Who is typing where, so that it is passed on once and not with every key, nor once for each tab. Any thread may use
/// it.
final class Typing: Sendable {
    /// How often it is passed on at most, for one person in one room.
    static let interval = TimeAmount.seconds(3)
    /// How long it holds without another word: two intervals, so that one lost frame does not end it.
    static let lasting = Seconds(6)

    private struct Place: Hashable {
        let user: UserID
        let room: RoomID
    }

    private let passedOn = Mutex<[Place: NIODeadline]>([:])

    /// - Returns: whether to pass it on.
    func notice(_ user: UserID, in room: RoomID, isActive: Bool, now: NIODeadline) -> Bool {
        passedOn.withLock { passedOn in
            let place = Place(user: user, room: room)
            guard isActive else { return passedOn.removeValue(forKey: place) != nil }
            if let last = passedOn[place], now - last < Self.interval { return false }
            passedOn[place] = now
            return true
        }
    }

    /// Forgets those who stopped without saying so.
    func expire(now: NIODeadline) {
        passedOn.withLock { passedOn in
            guard !passedOn.isEmpty else { return }
            passedOn = passedOn.filter { now - $0.value < .seconds(Self.lasting.count) }
        }
    }
}
