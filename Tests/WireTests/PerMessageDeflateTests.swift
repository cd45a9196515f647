import NIOCore
import Testing
import Wire

@Suite("Messages, compressed each by itself")
struct PerMessageDeflateTests {
    private static func text(_ count: Int) -> ByteBuffer {
        ByteBuffer(
            string: String(String(repeating: "Ill met by moonlight, proud Titania. ", count: count).prefix(count)))
    }

    /// The payload of a frame that is not longer than 65,535 bytes, and its first byte.
    private static func payload(_ frame: ByteBuffer) -> (first: UInt8, payload: ByteBuffer)? {
        var frame = frame
        guard let first = frame.readInteger(as: UInt8.self), let length = frame.readInteger(as: UInt8.self) else {
            return nil
        }
        if length == 126 { frame.moveReaderIndex(forwardBy: 2) }
        return (first, frame)
    }

    @Test(
        "are the same when they are expanded", arguments: [128, 129, 4095, 16_383, 16_384, 16_385, 32_768, 50_000],
        [9, 10, 15])
    func roundTrip(length: Int, windowBits: Int) throws {
        let deflate = PerMessageDeflate(windowBits: windowBits)
        let text = Self.text(length)
        for _ in 0..<3 {
            let (first, compressed) = try #require(Self.payload(deflate.compress(WireFrame.text(text))))
            #expect(first == 0xC1)
            #expect(compressed.readableBytes < length)
            #expect(try deflate.expand(compressed, bytesMax: length) == text)
        }
    }

    @Test("are the same bytes each time: nothing is remembered")
    func nothingRemembered() {
        let deflate = PerMessageDeflate()
        let first = deflate.compress(WireFrame.text(Self.text(500)))
        _ = deflate.compress(WireFrame.text(Self.text(9000)))
        #expect(deflate.compress(WireFrame.text(Self.text(500))) == first)
        #expect(PerMessageDeflate().compress(WireFrame.text(Self.text(500))) == first)
    }

    @Test("stay as they are when they are short, or would not shrink, or are control frames")
    func leftAlone() {
        let deflate = PerMessageDeflate()
        var generator = SystemRandomNumberGenerator()
        let noise = ByteBuffer(bytes: (0..<1000).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
        for frame in [
            WireFrame.text(Self.text(127)), WireFrame.binary(noise), WireFrame.ping(), WireFrame.pong(Self.text(125)),
            WireFrame.close(.slowReader),
        ] {
            #expect(deflate.compress(frame) == frame)
        }
    }

    @Test("are compressed one by one where they lie end to end")
    func endToEnd() {
        let deflate = PerMessageDeflate()
        let frames = [
            WireFrame.text(Self.text(300)), WireFrame.text(Self.text(3)), WireFrame.ping(),
            WireFrame.text(Self.text(70_000)),
        ]
        var together = ByteBuffer()
        var expected = ByteBuffer()
        for frame in frames {
            together.writeImmutableBuffer(frame)
            expected.writeImmutableBuffer(deflate.compress(frame))
        }
        #expect(deflate.compress(together) == expected)
    }

    @Test("are expanded to the limit and not a byte beyond it")
    func limit() throws {
        let deflate = PerMessageDeflate()
        let (_, compressed) = try #require(Self.payload(deflate.compress(WireFrame.text(Self.text(20_000)))))
        #expect(try deflate.expand(compressed, bytesMax: 20_000).readableBytes == 20_000)
        #expect(throws: PerMessageDeflate.Fault.tooBig) { try deflate.expand(compressed, bytesMax: 19_999) }
        // A few bytes that want to be a great deal.
        let (_, bomb) = try #require(
            Self.payload(deflate.compress(WireFrame.binary(ByteBuffer(repeating: 0, count: 10_000_000)))))
        #expect(bomb.readableBytes < 10_100)
        #expect(throws: PerMessageDeflate.Fault.tooBig) { try deflate.expand(bomb, bytesMax: 65_536) }
        #expect(try deflate.expand(compressed, bytesMax: 20_000) == Self.text(20_000))
    }

    /// The examples of RFC 7692, section 7.2.3.
    @Test(
        "are read as others write them",
        arguments: [
            [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00],
            // Not compressed at all.
            [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00],
            // A block that says it is the last.
            [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00],
            // Two blocks.
            [0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00],
        ] as [[UInt8]])
    func examples(bytes: [UInt8]) throws {
        #expect(try PerMessageDeflate().expand(ByteBuffer(bytes: bytes), bytesMax: 5) == ByteBuffer(string: "Hello"))
    }

    @Test("are refused where they are cut off, or are none")
    func malformed() throws {
        let deflate = PerMessageDeflate()
        let (_, compressed) = try #require(Self.payload(deflate.compress(WireFrame.text(Self.text(300)))))
        for count in 1..<compressed.readableBytes - 1 {
            let part = compressed.getSlice(at: compressed.readerIndex, length: count) ?? ByteBuffer()
            #expect(throws: PerMessageDeflate.Fault.malformed, "\(count) bytes") {
                try deflate.expand(part, bytesMax: 1000)
            }
        }
        #expect(throws: PerMessageDeflate.Fault.malformed) {
            try deflate.expand(ByteBuffer(bytes: [0xFF, 0xFF, 0xFF]), bytesMax: 1000)
        }
        #expect(try deflate.expand(ByteBuffer(bytes: [0x00]), bytesMax: 0) == ByteBuffer())
    }
}
