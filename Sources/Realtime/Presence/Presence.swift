import Model
import NIOCore
import Synchronization

/// Who is online: a person with at least one socket, on whichever event loop, and for a grace after their last one, so
/// that a reload is not seen by others. Any thread may use it.
final class Presence: Sendable {
    /// Somebody whose last socket ended, and the rooms it received.
    struct Departure: Sendable {
        let user: UserID
        let person: Person
        let rooms: [RoomID]
    }

    private struct State {
        /// The numbers of each person's sockets, oldest first.
        var sockets: [UserID: [UInt32]] = [:]
        var leaving: [UserID: (departure: Departure, at: NIODeadline)] = [:]
        var lastNumber: UInt32 = 0
    }

    private let grace: TimeAmount
    private let socketsMax: Int
    private let state = Mutex(State())

    /// - Parameter socketsMax: most sockets of one person.
    init(grace: TimeAmount, socketsMax: Int) {
        self.grace = grace
        self.socketsMax = socketsMax
    }

    /// What a socket's arrival means.
    struct Arrival {
        /// The socket's number, by which it leaves again.
        let number: UInt32
        /// The person was offline until now.
        let isFirst: Bool
        /// The person's oldest socket, which is one too many.
        let surplus: UInt32?
    }

    func arrive(_ user: UserID) -> Arrival {
        state.withLock { state in
            state.lastNumber &+= 1
            let isFirst = state.leaving.removeValue(forKey: user) == nil && state.sockets[user] == nil
            state.sockets[user, default: []].append(state.lastNumber)
            let isOneTooMany = state.sockets[user, default: []].count > socketsMax
            let surplus = isOneTooMany ? state.sockets[user]?.removeFirst() : nil
            return Arrival(number: state.lastNumber, isFirst: isFirst, surplus: surplus)
        }
    }

    func leave(_ number: UInt32, _ departure: Departure, now: NIODeadline) {
        state.withLock { state in
            state.sockets[departure.user]?.removeAll { $0 == number }
            guard state.sockets[departure.user]?.isEmpty == true else { return }
            state.sockets[departure.user] = nil
            state.leaving[departure.user] = (departure, now + grace)
        }
    }

    /// Those whose grace is over. Each is told once.
    func departures(now: NIODeadline) -> [Departure] {
        state.withLock { state in
            guard !state.leaving.isEmpty else { return [] }
            let gone = state.leaving.values.filter { $0.at <= now }.map(\.departure)
            for departure in gone { state.leaving[departure.user] = nil }
            return gone
        }
    }

    func isOnline(_ user: UserID) -> Bool {
        state.withLock { $0.sockets[user] != nil || $0.leaving[user] != nil }
    }
}
