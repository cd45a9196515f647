package import NIOCore
package import Wire

/// Where a session's frames go: a WebSocket, or an event stream where a proxy lets no WebSocket through. Event loop
/// only. A frame is whole, with its WebSocket header (`ServerFrame.framed`).
package protocol FrameSink: AnyObject {
    /// Compresses what goes to the other side, where that was agreed on. Nothing has to be compressed; what is for many
    /// is, once, by whoever sends it.
    var deflate: PerMessageDeflate? { get }
    /// Sends a frame at once.
    func send(_ frame: ByteBuffer)
    /// Queues one frame, or several end to end; the session is told if a flush has to follow.
    func enqueue(_ frames: ByteBuffer)
    /// Sends what is queued. A reader too slow is closed.
    func flush()
    /// Ends the session, and tells the other side why. Does nothing on one that is ending already.
    func close(_ code: CloseCode)
    /// Pings the other side if it is time to, and gives it up if nothing came from it for too long.
    func checkLiveness(now: NIODeadline)
    /// Lets go of the session. Safe to call again.
    func leave()
}
