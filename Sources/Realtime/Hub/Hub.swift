import Metrics
package import Model
package import NIOCore
import Wire

/// All open sockets, in one shard for each event loop. Nobody owns the whole: publishing puts an item into each
/// shard's inbox, from any thread, without waiting.
package final class Hub: Sendable {
    private let shards: [NIOLoopBoundBox<HubShard?>]
    private let inboxes: [ShardInbox]
    private let presence: Presence
    private let typing = Typing()
    private let isCompressing: Bool
    private let messages = Counter(label: "parley_messages_published")

    /// Makes a shard on each event loop of the group.
    package init(group: any EventLoopGroup, limits: SocketLimits = SocketLimits()) {
        let loops = group.makeIterator().map { $0 }
        let shards = loops.map { NIOLoopBoundBox<HubShard?>.makeEmptyBox(valueType: HubShard.self, eventLoop: $0) }
        self.shards = shards
        isCompressing = limits.deflateBytesMin != nil
        inboxes = zip(loops, shards).map { loop, shard in
            ShardInbox(eventLoop: loop) { shard.value?.drain() }
        }
        presence = Presence(grace: limits.presenceGrace, socketsMax: limits.socketsPerPersonMax)
        // A room's sockets are spread over the loops evenly enough for this.
        let presenceSocketsMax = max(1, limits.presenceSocketsMax / loops.count)
        for (inbox, shard) in zip(inboxes, shards) {
            inbox.eventLoop.execute {
                shard.value = HubShard(
                    hub: self, inbox: inbox, limits: limits, presenceSocketsMax: presenceSocketsMax)
                inbox.eventLoop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) {
                    [weak self] task in
                    guard let self else { return task.cancel() }
                    shard.value?.sweep(now: .now())
                    sweep(now: .now())
                }
            }
        }
    }

    // MARK: What happened

    /// Tells everybody concerned. A message is encoded and framed here, once for all receivers.
    package func publish(_ event: Event) {
        switch event {
        case .messageSent(let message, let room):
            messages.increment()
            let frame = ServerFrame.chatMessage(room: room.slug, message).framed()
            put(.room(room.id, message.seq, share(frame)))
        default:
            put(.event(event))
        }
    }

    /// Lets what `body` publishes reach each event loop at once, and not one by one.
    package func gather(_ body: () -> Void) {
        for inbox in inboxes { inbox.hold() }
        body()
        for inbox in inboxes { inbox.release() }
    }

    private func share(_ frame: ByteBuffer) -> SharedFrame {
        SharedFrame(frame, isCompressible: isCompressing)
    }

    private func put(_ item: ShardItem) {
        for inbox in inboxes { inbox.put(item) }
    }

    // MARK: Who is there

    package func isOnline(_ user: UserID) -> Bool { presence.isOnline(user) }

    /// A socket of this person's receives its rooms from now on.
    /// - Returns: the socket's number, by which it leaves.
    func arrived(_ principal: Principal, rooms: [RoomID]) -> UInt32 {
        let arrival = presence.arrive(principal.user)
        if let surplus = arrival.surplus { put(.surplus(principal.user, number: surplus)) }
        if arrival.isFirst { tell(principal.person, principal.user, isOnline: true, rooms) }
        return arrival.number
    }

    func left(_ number: UInt32, _ principal: Principal, rooms: [RoomID]) {
        presence.leave(
            number, Presence.Departure(user: principal.user, person: principal.person, rooms: rooms), now: .now())
    }

    func typed(_ principal: Principal, in room: RoomRef, isActive: Bool) {
        guard typing.notice(principal.user, in: room.id, isActive: isActive, now: .now()) else { return }
        let frame = ServerFrame.typing(
            room: room.slug, principal.person, isActive: isActive, lasting: Typing.lasting)
        put(.others(room.id, than: principal.user, share(frame.framed())))
    }

    private func tell(_ person: Person, _ user: UserID, isOnline: Bool, _ rooms: [RoomID]) {
        guard !rooms.isEmpty else { return }
        put(.neighbours(rooms, of: user, share(ServerFrame.presence(person, isOnline: isOnline).framed())))
    }

    private func sweep(now: NIODeadline) {
        typing.expire(now: now)
        for gone in presence.departures(now: now) { tell(gone.person, gone.user, isOnline: false, gone.rooms) }
    }

    // MARK: Shards

    /// The shard of the event loop that this is called on.
    func shard(on eventLoop: any EventLoop) -> HubShard {
        for shard in shards where shard.eventLoop === eventLoop {
            if let shard = shard.value { return shard }
        }
        preconditionFailure("a channel on an event loop that is not of the hub's group")
    }
}
