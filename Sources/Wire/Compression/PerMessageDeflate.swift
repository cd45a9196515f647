import CZlib
package import NIOCore

/// Compresses and expands the messages of WebSockets (permessage-deflate, RFC 7692), each message by itself: neither
/// side remembers anything from one message to the next ("no context takeover"). So what is compressed once is good
/// for every receiver in a room, and one of these serves all sockets of an event loop. Not to be shared by threads.
package final class PerMessageDeflate {
    /// Base-two logarithm of the window that the other side has to keep, 9 to 15 (section 7.1.2.1).
    package let windowBits: Int
    /// A message that is shorter, in bytes, is sent as it is: it would hardly shrink.
    private let bytesMin: Int
    /// Both live where they are made: zlib points back at them.
    private let deflating: UnsafeMutablePointer<z_stream>
    private let inflating: UnsafeMutablePointer<z_stream>

    /// The end of every compressed message, which is not sent (section 7.2.1).
    private static let tail: [UInt8] = [0x00, 0x00, 0xFF, 0xFF]
    private static let chunkBytes = 16_384
    /// Of zlib's nine: its tables are cleared for each message, and a chat's are as short with small ones.
    private static let memoryLevel: Int32 = 5

    package enum Fault: Error {
        /// It is no compressed message.
        case malformed
        /// It would expand to more than is allowed.
        case tooBig
    }

    package init(windowBits: Int = 15, bytesMin: Int = 128) {
        precondition((9...15).contains(windowBits), "zlib has no raw window of \(windowBits) bits")
        self.windowBits = windowBits
        self.bytesMin = bytesMin
        deflating = .allocate(capacity: 1)
        deflating.initialize(to: z_stream())
        inflating = .allocate(capacity: 1)
        inflating.initialize(to: z_stream())
        let size = Int32(MemoryLayout<z_stream>.size)
        // A negative number of bits asks for the bare format, without zlib's own header.
        let results = [
            deflateInit2_(
                deflating, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -Int32(windowBits), Self.memoryLevel, Z_DEFAULT_STRATEGY,
                ZLIB_VERSION,
                size),
            inflateInit2_(inflating, -15, ZLIB_VERSION, size),
        ]
        precondition(results == [Z_OK, Z_OK], "zlib cannot begin: out of memory, or another version")
    }

    deinit {
        deflateEnd(deflating)
        inflateEnd(inflating)
        deflating.deallocate()
        inflating.deallocate()
    }

    // MARK: Out

    /// Whole frames of ours, end to end, with each message in them compressed where that makes it shorter.
    package func compress(_ frames: ByteBuffer) -> ByteBuffer {
        var rest = frames
        var compressed = ByteBuffer()
        while let frame = WireFrame.first(in: &rest) {
            if frame.isMessage, frame.payload.readableBytes >= bytesMin {
                let message = deflate(frame.payload)
                if message.readableBytes < frame.payload.readableBytes {
                    WireFrame.appendCompressed(message, like: frame, to: &compressed)
                    continue
                }
            }
            compressed.writeImmutableBuffer(frame.whole)
        }
        return compressed
    }

    private func deflate(_ payload: ByteBuffer) -> ByteBuffer {
        var compressed = ByteBufferAllocator().buffer(
            capacity: Int(deflateBound(deflating, UInt(payload.readableBytes))) + 16)
        payload.withUnsafeReadableBytes { input in
            deflating.pointee.setInput(input)
            repeat {
                compressed.withOutput(of: deflating, atLeast: 64) { _ = CZlib.deflate(deflating, Z_SYNC_FLUSH) }
            } while deflating.pointee.avail_out == 0
        }
        deflateReset(deflating)
        compressed.moveWriterIndex(to: compressed.writerIndex - Self.tail.count)
        return compressed
    }

    // MARK: In

    /// A message as its sender wrote it (section 7.2.2).
    ///
    /// - Parameter bytesMax: most bytes that it may expand to; no more than that is ever expanded.
    package func expand(_ message: ByteBuffer, bytesMax: Int) throws(Fault) -> ByteBuffer {
        var compressed = message
        compressed.writeBytes(Self.tail)
        inflateReset(inflating)
        var expanded = ByteBuffer()
        let fault = compressed.withUnsafeReadableBytes { input -> Fault? in
            inflating.pointee.setInput(input)
            while true {
                let result = expanded.withOutput(of: inflating, atLeast: Self.chunkBytes) {
                    inflate(inflating, Z_SYNC_FLUSH)
                }
                let isAtEnd = inflating.pointee.avail_in == 0
                switch result {
                case _ where expanded.readableBytes > bytesMax: return .tooBig
                case Z_STREAM_END where isAtEnd: return nil
                // A sender may mark a block as its last, and go on behind it all the same (section 7.2.3.4).
                case Z_STREAM_END: inflateReset(inflating)
                // Without a mark the end has to be a block's end.
                case Z_OK where isAtEnd && inflating.pointee.isBetweenBlocks: return nil
                case Z_OK where !isAtEnd || inflating.pointee.avail_out == 0: continue
                default: return .malformed
                }
            }
        }
        if let fault { throw fault }
        return expanded
    }
}

extension z_stream {
    /// Said by `inflate` of where it stopped.
    fileprivate var isBetweenBlocks: Bool { data_type & 128 != 0 }

    /// zlib only reads from it, whatever its type says.
    fileprivate mutating func setInput(_ input: UnsafeRawBufferPointer) {
        next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
        avail_in = UInt32(input.count)
    }
}

extension ByteBuffer {
    /// Lets zlib write behind what is there.
    fileprivate mutating func withOutput<Result>(
        of stream: UnsafeMutablePointer<z_stream>, atLeast bytes: Int, _ body: () -> Result
    ) -> Result {
        var result: Result?
        writeWithUnsafeMutableBytes(minimumWritableBytes: bytes) { output in
            stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
            stream.pointee.avail_out = UInt32(output.count)
            result = body()
            return output.count - Int(stream.pointee.avail_out)
        }
        guard let result else { preconditionFailure("the body ran") }
        return result
    }
}
