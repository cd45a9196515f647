/// The correcting code of QR codes (ISO/IEC 18004, 7.5.2): Reed-Solomon over the field of 256 elements in which
/// x⁸ + x⁴ + x³ + x² + 1 is zero.
struct ReedSolomon: Sendable {
    /// Coefficients of (x - 2⁰)(x - 2¹)…(x - 2ⁿ⁻¹), highest power first, without the leading 1.
    private let generator: [UInt8]

    /// - Parameter degree: how many codewords of correction there will be, 1…30.
    init(degree: Int) {
        var product = [UInt8](repeating: 0, count: degree - 1) + [1]
        var root: UInt8 = 1
        for _ in 0..<degree {
            for power in product.indices {
                product[power] = Self.multiply(product[power], root)
                if power + 1 < product.count { product[power] ^= product[power + 1] }
            }
            root = Self.multiply(root, 2)
        }
        generator = product
    }

    /// The codewords of correction: what remains of the data, times xⁿ, divided by the generator.
    func remainder(of data: some Sequence<UInt8>) -> [UInt8] {
        var remainder = [UInt8](repeating: 0, count: generator.count)
        for codeword in data {
            let factor = codeword ^ remainder.removeFirst()
            remainder.append(0)
            for power in remainder.indices { remainder[power] ^= Self.multiply(generator[power], factor) }
        }
        return remainder
    }

    static func multiply(_ left: UInt8, _ right: UInt8) -> UInt8 {
        var product: UInt8 = 0
        for bit in (0..<8).reversed() {
            product = (product << 1) ^ (product >> 7 &* 0x1D)
            if right >> bit & 1 == 1 { product ^= left }
        }
        return product
    }
}
