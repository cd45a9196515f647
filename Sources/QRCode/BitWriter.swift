/// Bits in the order in which they are read, most significant first.
struct BitWriter {
    private(set) var bytes: [UInt8] = []
    private(set) var bitCount = 0

    mutating func append(_ value: Int, bits: Int) {
        for bit in (0..<bits).reversed() {
            if bitCount % 8 == 0 { bytes.append(0) }
            if value >> bit & 1 == 1 { bytes[bitCount / 8] |= 0x80 >> UInt8(bitCount % 8) }
            bitCount += 1
        }
    }
}

extension Version {
    /// The bytes as codewords, with their correction, in the order in which they are placed (ISO/IEC 18004, 7.4 to
    /// 7.6). They have to fit in.
    func codewords(of bytes: some Collection<UInt8>, _ correction: ErrorCorrection) -> [UInt8] {
        let layout = blocks(correction)
        return layout.interleaved(dataCodewords(of: bytes, count: layout.dataCodewords))
    }

    func dataCodewords(of bytes: some Collection<UInt8>, count: Int) -> [UInt8] {
        var bits = BitWriter()
        bits.append(0b0100, bits: 4)
        bits.append(bytes.count, bits: countBits)
        for byte in bytes { bits.append(Int(byte), bits: 8) }
        // A terminator of four bits, which also fill the byte: mode and count are 4 bits more than whole bytes.
        bits.append(0, bits: 4)
        var padding = [0xEC, 0x11]
        while bits.bytes.count < count {
            bits.append(padding[0], bits: 8)
            padding.swapAt(0, 1)
        }
        return bits.bytes
    }
}
