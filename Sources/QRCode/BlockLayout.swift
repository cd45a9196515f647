/// How the codewords of a symbol are divided into blocks, each with a correction of its own (ISO/IEC 18004, table 9).
struct BlockLayout: Hashable, Sendable {
    /// All codewords, of data and of correction.
    let codewords: Int
    let count: Int
    /// Codewords of correction in each block.
    let correctionEach: Int

    var dataCodewords: Int { codewords - count * correctionEach }

    /// Codewords of data in each block. The last blocks have one more where they do not come out even.
    var dataLengths: [Int] {
        let short = dataCodewords / count
        let longCount = dataCodewords % count
        return (0..<count).map { $0 < count - longCount ? short : short + 1 }
    }

    /// Cuts the data into blocks, works out the correction of each, and puts all together in the order in which they
    /// are placed (ISO/IEC 18004, 7.6): first codewords of all blocks, second codewords, …
    func interleaved(_ data: [UInt8]) -> [UInt8] {
        let code = ReedSolomon(degree: correctionEach)
        var blocks: [ArraySlice<UInt8>] = []
        var rest = data[...]
        for length in dataLengths {
            blocks.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return Self.byColumns(blocks) + Self.byColumns(blocks.map { code.remainder(of: $0)[...] })
    }

    private static func byColumns(_ blocks: [ArraySlice<UInt8>]) -> [UInt8] {
        let longest = blocks.map(\.count).max() ?? 0
        return (0..<longest).flatMap { column in blocks.compactMap { $0.dropFirst(column).first } }
    }

    // MARK: The table, by version 1…40

    static func counts(_ correction: ErrorCorrection) -> [Int] {
        switch correction {
        case .low:
            [
                1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17,
                18, 19, 19, 20, 21, 22, 24, 25,
            ]
        case .medium:
            [
                1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28,
                29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
            ]
        case .quartile:
            [
                1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20, 23, 23, 25, 27, 29, 34, 34, 35, 38,
                40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68,
            ]
        case .high:
            [
                1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25, 25, 34, 30, 32, 35, 37, 40, 42,
                45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81,
            ]
        }
    }

    static func corrections(_ correction: ErrorCorrection) -> [Int] {
        switch correction {
        case .low:
            [
                7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28,
                30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
            ]
        case .medium:
            [
                10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28, 28,
                28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
            ]
        case .quartile:
            [
                13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30, 28, 30, 30, 30, 30, 28,
                30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
            ]
        case .high:
            [
                17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28, 30, 24, 30, 30, 30, 30,
                30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
            ]
        }
    }
}
