import Model
import NIOCore
import Testing

@testable import Realtime

@Suite("Presence")
struct PresenceTests {
    private let titania = UserID(rawValue: 1)
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private func departure(_ user: UserID) -> Presence.Departure {
        Presence.Departure(user: user, person: Person(username: "titania", name: "Titania"), rooms: [])
    }

    @Test("One person with three tabs comes once and goes once")
    func threeTabs() {
        let presence = Presence(grace: .seconds(5), socketsMax: 20)
        let arrivals = (1...3).map { _ in presence.arrive(titania) }
        #expect(arrivals.map(\.isFirst) == [true, false, false])
        for arrival in arrivals.prefix(2) { presence.leave(arrival.number, departure(titania), now: start) }
        #expect(presence.departures(now: start + .seconds(60)).isEmpty)
        presence.leave(arrivals[2].number, departure(titania), now: start)
        #expect(presence.isOnline(titania))
        #expect(presence.departures(now: start + .seconds(4)).isEmpty)
        #expect(presence.departures(now: start + .seconds(5)).map(\.user) == [titania])
        #expect(presence.departures(now: start + .seconds(60)).isEmpty, "told once")
        #expect(!presence.isOnline(titania))
    }

    @Test("A reload within the grace is not seen by anybody")
    func reload() {
        let presence = Presence(grace: .seconds(5), socketsMax: 20)
        presence.leave(presence.arrive(titania).number, departure(titania), now: start)
        #expect(presence.arrive(titania).isFirst == false)
        #expect(presence.departures(now: start + .seconds(60)).isEmpty)
    }

    @Test("One socket too many costs the oldest")
    func surplus() {
        let presence = Presence(grace: .seconds(5), socketsMax: 2)
        let (first, second, third) = (presence.arrive(titania), presence.arrive(titania), presence.arrive(titania))
        #expect(first.surplus == nil && second.surplus == nil)
        #expect(third.surplus == first.number)
        // When it has gone, it is not taken out a second time.
        presence.leave(first.number, departure(titania), now: start)
        #expect(presence.arrive(titania).surplus == second.number)
    }
}

@Suite("Typing")
struct TypingTests {
    private let titania = UserID(rawValue: 1)
    private let lobby = RoomID(rawValue: 1)
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    @Test("Is passed on once in its interval, for each room, whatever the number of keys and tabs")
    func once() {
        let typing = Typing()
        let passedOn = (0..<30).filter { step in
            typing.notice(titania, in: lobby, isActive: true, now: start + .milliseconds(Int64(step) * 300))
        }
        #expect(passedOn == [0, 10, 20])
        #expect(typing.notice(titania, in: RoomID(rawValue: 2), isActive: true, now: start))
    }

    @Test("Its end is passed on once, and only after a beginning")
    func end() {
        let typing = Typing()
        #expect(!typing.notice(titania, in: lobby, isActive: false, now: start))
        #expect(typing.notice(titania, in: lobby, isActive: true, now: start))
        #expect(typing.notice(titania, in: lobby, isActive: false, now: start))
        #expect(!typing.notice(titania, in: lobby, isActive: false, now: start))
        #expect(typing.notice(titania, in: lobby, isActive: true, now: start), "and may begin again at once")
    }

    @Test("Whoever vanishes has stopped, as far as the server remembers")
    func expiry() {
        let typing = Typing()
        #expect(typing.notice(titania, in: lobby, isActive: true, now: start))
        typing.expire(now: start + .seconds(6))
        #expect(!typing.notice(titania, in: lobby, isActive: false, now: start + .seconds(6)))
    }
}
