import NIOCore
import Synchronization
import Wire

/// One frame for any number of receivers, on all event loops: the same bytes for all, and compressed once for all who
/// agreed on that.
struct SharedFrame: Sendable {
    let plain: ByteBuffer
    private let compressed: Compressed?
    var isCompressible: Bool { compressed != nil }

    /// By the bits of the window, which hardly any client chooses. Filled by the first event loop that has a receiver.
    private final class Compressed: Sendable {
        let byWindow = Mutex<[Int: ByteBuffer]>([:])
    }

    /// - Parameter isCompressible: whether any socket may have agreed on compression.
    init(_ plain: ByteBuffer, isCompressible: Bool) {
        self.plain = plain
        compressed = isCompressible ? Compressed() : nil
    }

    /// - Parameter deflate: the receiver's, if it has one.
    func bytes(by deflate: PerMessageDeflate?) -> ByteBuffer {
        guard let deflate, let compressed else { return plain }
        return compressed.byWindow.withLock { byWindow in
            if let frame = byWindow[deflate.windowBits] { return frame }
            let frame = deflate.compress(plain)
            byWindow[deflate.windowBits] = frame
            return frame
        }
    }
}

/// Frames for one room, laid end to end, as long as nobody has got them yet. Event loop only.
struct FrameBatch {
    private var frames: [SharedFrame] = []
    private var plain = ByteBuffer()
    private var compressed: [Int: ByteBuffer] = [:]

    mutating func append(_ frame: SharedFrame) {
        if frame.isCompressible { frames.append(frame) }
        plain.append(frame: frame.plain)
    }

    /// - Parameter deflate: the receiver's, if it has one.
    mutating func bytes(by deflate: PerMessageDeflate?) -> ByteBuffer {
        guard let deflate else { return plain }
        if let bytes = compressed[deflate.windowBits] { return bytes }
        var bytes = ByteBuffer()
        for frame in frames { bytes.append(frame: frame.bytes(by: deflate)) }
        compressed[deflate.windowBits] = bytes
        return bytes
    }
}

extension ByteBuffer {
    /// The first frame is shared with all other loops as it is; only where a second follows are bytes copied.
    fileprivate mutating func append(frame: ByteBuffer) {
        if readableBytes == 0 {
            self = frame
        } else {
            writeImmutableBuffer(frame)
        }
    }
}
