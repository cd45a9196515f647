/// One of the forty sizes of a symbol, with the numbers that belong to it.
struct Version: Hashable, Sendable {
    /// 1…40.
    let number: Int

    static let all = (1...40).map(Version.init(number:))
    static let largest = Version(number: 40)

    /// Modules on each side.
    var size: Int { 17 + 4 * number }

    /// From version 7 on a symbol says its version (ISO/IEC 18004, 7.10).
    var hasVersionInformation: Bool { number >= 7 }

    /// The smallest that holds so many bytes.
    static func smallest(holding count: Int, _ correction: ErrorCorrection) -> Version? {
        all.first { count <= $0.bytesMax(correction) }
    }

    /// How many bytes fit in (ISO/IEC 18004, table 7): what is left besides the mode and the count.
    func bytesMax(_ correction: ErrorCorrection) -> Int {
        (blocks(correction).dataCodewords * 8 - 4 - countBits) / 8
    }

    /// Bits of the character count in byte mode (ISO/IEC 18004, table 3).
    var countBits: Int { number < 10 ? 8 : 16 }

    /// Rows, and columns, in which alignment patterns are centred (ISO/IEC 18004, annex E): the first is 6, the last
    /// lies 7 from the edge, and the others go back from there by the smallest even distance that is enough.
    var alignmentCentres: [Int] {
        guard number > 1 else { return [] }
        let gaps = number / 7 + 1
        let last = size - 7
        // Annex E has 26 for version 32, where the rule of all others would give 28.
        let distance = number == 32 ? 26 : (last - 6 + 2 * gaps - 1) / (2 * gaps) * 2
        return [6] + (0..<gaps).reversed().map { last - $0 * distance }
    }

    /// Codewords of data and correction together.
    var codewords: Int {
        let centres = alignmentCentres.count
        // Each corner but one has a finder; of the alignment patterns on the timing lines 5 modules are theirs already.
        let alignment = centres == 0 ? 0 : 25 * (centres * centres - 3) - 2 * 5 * (centres - 2)
        let finders = 3 * 64
        let timing = 2 * (size - 16)
        let format = 31
        let information = hasVersionInformation ? 36 : 0
        return (size * size - finders - timing - format - information - alignment) / 8
    }

    func blocks(_ correction: ErrorCorrection) -> BlockLayout {
        BlockLayout(
            codewords: codewords, count: BlockLayout.counts(correction)[number - 1],
            correctionEach: BlockLayout.corrections(correction)[number - 1])
    }
}
