import Foundation
import NIOCore
import Wire

/// A socket for `parley doctor`: says what it saw of the handshake, then sends back what it hears. It is never pinged, so
/// that the time until a proxy gives it up can be measured. Event loop only.
final class DoctorSession: SocketSession {
    private let handler: SocketHandler
    private let report: DoorReport
    private let eventLoop: any EventLoop
    /// Longer than any proxy's patience that is worth measuring.
    private static let lifetime = TimeAmount.minutes(15)

    init(handler: SocketHandler, report: DoorReport, eventLoop: any EventLoop) {
        self.handler = handler
        self.report = report
        self.eventLoop = eventLoop
    }

    func admit(_ credentials: SocketCredentials?) -> EventLoopFuture<Void> { eventLoop.makeSucceededVoidFuture() }

    func opened(_ context: ChannelHandlerContext) {
        guard let json = try? JSONEncoder().encode(report) else { return handler.close(.internalError) }
        handler.send(WireFrame.text(Array(json)))
        let bound = NIOLoopBound(handler, eventLoop: eventLoop)
        context.eventLoop.scheduleTask(in: Self.lifetime) { bound.value.close(.normal) }
    }

    func receive(text: ByteBuffer) { handler.send(WireFrame.text(text)) }
    func receive(binary: ByteBuffer) { handler.close(.unsupportedData) }
    func needsFlush() { handler.flush() }
    func quiesce() { handler.close(.goingAway) }
    func leave() {}
}
