import Testing

@testable import QRCode

/// The worked examples and tables of ISO/IEC 18004.
@Suite("The standard's example of")
struct StandardTests {
    @Test("codewords of correction is worked out (annex I: 01234567 as 1-M)")
    func correction() {
        let data: [UInt8] = [
            0x10, 0x20, 0x0C, 0x56, 0x61, 0x80, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11,
        ]
        let expected: [UInt8] = [0xA5, 0x24, 0xD4, 0xC1, 0xED, 0x36, 0xC7, 0x87, 0x2C, 0x55]
        #expect(ReedSolomon(degree: 10).remainder(of: data) == expected)
        #expect(Version(number: 1).blocks(.medium).interleaved(data) == data + expected)
    }

    @Test("format information is worked out (annex C: level M, mask 5)")
    func format() {
        #expect(Information.format(.medium, Mask(number: 5)) == 0b100_0000_1100_1110)
    }

    @Test(
        "format information of each level is worked out (table C.1, mask 0)",
        arguments: [
            (ErrorCorrection.low, 0x77C4), (.medium, 0x5412), (.quartile, 0x355F), (.high, 0x1689),
        ])
    func formats(correction: ErrorCorrection, bits: Int) {
        #expect(Information.format(correction, Mask(number: 0)) == bits)
    }

    @Test(
        "version information is worked out (table D.1)",
        arguments: [(7, 0x07C94), (8, 0x085BC), (21, 0x15683), (32, 0x209D5), (40, 0x28C69)])
    func version(number: Int, bits: Int) {
        #expect(Information.version(Version(number: number)) == bits)
    }

    @Test(
        "alignment patterns is centred where annex E says",
        arguments: [
            (1, []), (2, [6, 18]), (7, [6, 22, 38]), (14, [6, 26, 46, 66]), (16, [6, 26, 50, 74]),
            (22, [6, 26, 50, 74, 98]), (32, [6, 34, 60, 86, 112, 138]), (36, [6, 24, 50, 76, 102, 128, 154]),
            (39, [6, 26, 54, 82, 110, 138, 166]), (40, [6, 30, 58, 86, 114, 142, 170]),
        ])
    func alignment(number: Int, centres: [Int]) {
        #expect(Version(number: number).alignmentCentres == centres)
    }

    @Test("capacity in codewords is that of table 1", arguments: [(1, 26), (2, 44), (7, 196), (14, 581), (40, 3706)])
    func capacity(number: Int, codewords: Int) {
        #expect(Version(number: number).codewords == codewords)
    }

    @Test("capacity is the number of modules that no fixed pattern takes", arguments: Version.all)
    func freeModules(version: Version) {
        let grid = ModuleGrid(version)
        let free = (0..<grid.size * grid.size).count { !grid.isFixed(row: $0 / grid.size, column: $0 % grid.size) }
        #expect(free / 8 == version.codewords)
    }

    @Test("padding ends the data (7.4.10), and blocks of 5-Q are laid side by side (7.6)")
    func blocks() {
        let version = Version(number: 5)
        let layout = version.blocks(.quartile)
        #expect(layout.dataLengths == [15, 15, 16, 16] && layout.correctionEach == 18)
        let data = version.dataCodewords(of: [0xAB, 0xCD], count: layout.dataCodewords)
        #expect(data.prefix(6) == [0x40, 0x2A, 0xBC, 0xD0, 0xEC, 0x11] && data.count == 62)
        let placed = layout.interleaved((0..<62).map(UInt8.init))
        #expect(placed.prefix(8) == [0, 15, 30, 46, 1, 16, 31, 47])
        #expect(placed[58..<62] == [44, 60, 45, 61] && placed.count == 134)
    }

    @Test("a field element times another follows from x⁸ = x⁴ + x³ + x² + 1")
    func field() {
        #expect(ReedSolomon.multiply(0x80, 2) == 0x1D)
        #expect((1...255).allSatisfy { ReedSolomon.multiply(UInt8($0), 1) == UInt8($0) })
        var power: UInt8 = 1
        for _ in 0..<255 { power = ReedSolomon.multiply(power, 2) }
        #expect(power == 1)
    }
}

@Suite("A mask's penalty")
struct PenaltyTests {
    /// Of a symbol with 21 modules on each side.
    private func penalty(_ module: (Int, Int) -> Bool) -> Int {
        Penalty((0..<21).map { row in (0..<21).map { module(row, $0) } }).points
    }

    @Test("of one colour counts long lines, squares and the imbalance")
    func uniform() {
        // 42 lines of 21: 3 + 16 each; 400 squares of 3; 50 percent away from half: 10 times 10.
        #expect(penalty { _, _ in false } == 42 * 19 + 400 * 3 + 100)
        #expect(penalty { _, _ in true } == 42 * 19 + 400 * 3 + 100)
    }

    @Test("of a chequerboard is nothing")
    func chequerboard() {
        #expect(penalty { row, column in (row + column).isMultiple(of: 2) } == 0)
    }

    @Test("counts what looks like a finder, also where the light part is the quiet zone")
    func finder() {
        let pattern = [true, false, true, true, true, false, true]
        let board = { (row: Int, column: Int) in (row + column).isMultiple(of: 2) }
        let alone = penalty(board)
        // In row 10, in the middle between light modules: nothing more than the runs and squares that it makes.
        let withoutSpace = penalty { row, column in
            row == 10 && (7..<14).contains(column) ? pattern[column - 7] : board(row, column)
        }
        let atTheEdge = penalty { row, column in
            row == 10 && column < 7 ? pattern[column] : board(row, column)
        }
        #expect(alone == 0 && withoutSpace < 40 && atTheEdge >= 40)
    }
}
