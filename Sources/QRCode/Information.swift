/// What a symbol says about itself, with codes of its own that correct errors.
enum Information {
    /// Level and mask in 15 bits (ISO/IEC 18004, annex C).
    static func format(_ correction: ErrorCorrection, _ mask: Mask) -> Int {
        let data = correction.formatBits << 3 | mask.number
        // The pattern keeps the whole from being light throughout.
        return (data << 10 | remainder(of: data, bits: 5, generator: 0b101_0011_0111)) ^ 0b10_1010_0000_10010
    }

    /// The version in 18 bits (ISO/IEC 18004, annex D).
    static func version(_ version: Version) -> Int {
        version.number << 12 | remainder(of: version.number, bits: 6, generator: 0b1_1111_0010_0101)
    }

    /// What remains of a polynomial over the field of two elements, moved up by the generator's degree.
    private static func remainder(of data: Int, bits: Int, generator: Int) -> Int {
        let degree = Int.bitWidth - 1 - generator.leadingZeroBitCount
        var rest = data << degree
        for power in (degree..<degree + bits).reversed() where rest >> power & 1 == 1 {
            rest ^= generator << (power - degree)
        }
        return rest
    }
}
