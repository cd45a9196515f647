import Metrics
package import Model
package import NIOCore
import Wire

/// All open sockets, in one shard for each event loop. Nobody owns the whole: publishing puts an item into each
/// shard's inbox, from any thread, without waiting.
package struct Hub: Sendable {
    private let shards: [NIOLoopBoundBox<HubShard?>]
    private let inboxes: [ShardInbox]
    private let messages = Counter(label: "parley_messages_published")

    /// Makes a shard on each event loop of the group.
    package init(group: any EventLoopGroup) {
        let loops = group.makeIterator().map { $0 }
        let shards = loops.map { NIOLoopBoundBox<HubShard?>.makeEmptyBox(valueType: HubShard.self, eventLoop: $0) }
        self.shards = shards
        inboxes = zip(loops, shards).map { loop, shard in
            ShardInbox(eventLoop: loop) { shard.value?.drain() }
        }
        for (inbox, shard) in zip(inboxes, shards) {
            inbox.eventLoop.execute {
                shard.value = HubShard(inbox: inbox)
                inbox.eventLoop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
                    shard.value?.sweep(now: .now())
                }
            }
        }
    }

    /// Tells everybody concerned. A message is encoded and framed here, once for all receivers.
    package func publish(_ event: Event) {
        let item: ShardItem
        switch event {
        case .messageSent(let message, let room):
            messages.increment()
            item = .room(room.id, ServerFrame.chatMessage(room: room.slug, message).framed())
        default:
            item = .event(event)
        }
        for inbox in inboxes { inbox.put(item) }
    }

    /// The shard of the event loop that this is called on.
    func shard(on eventLoop: any EventLoop) -> HubShard {
        for shard in shards where shard.eventLoop === eventLoop {
            if let shard = shard.value { return shard }
        }
        preconditionFailure("a channel on an event loop that is not of the hub's group")
    }
}
