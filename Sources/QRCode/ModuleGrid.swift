/// The modules of a symbol, and which of them belong to its fixed patterns.
struct ModuleGrid: Hashable, Sendable {
    let size: Int
    private var dark: [Bool]
    private var fixed: [Bool]

    /// A symbol with its fixed patterns (ISO/IEC 18004, 6.3) and nothing else.
    init(_ version: Version) {
        size = version.size
        dark = Array(repeating: false, count: size * size)
        fixed = dark
        drawTiming()
        for (row, column) in [(3, 3), (3, size - 4), (size - 4, 3)] { drawFinder(row, column) }
        let centres = version.alignmentCentres
        for row in centres {
            for column in centres where !isFinder(row, column) { drawAlignment(row, column) }
        }
        drawFormat(0)
        if version.hasVersionInformation { drawVersion(version) }
    }

    subscript(row: Int, column: Int) -> Bool { dark[row * size + column] }

    var rows: [[Bool]] { (0..<size).map { Array(dark[$0 * size..<($0 + 1) * size]) } }

    func isFixed(row: Int, column: Int) -> Bool { fixed[row * size + column] }

    private mutating func set(_ row: Int, _ column: Int, _ isDark: Bool) {
        dark[row * size + column] = isDark
        fixed[row * size + column] = true
    }

    // MARK: Fixed patterns

    private mutating func drawTiming() {
        for index in 0..<size {
            set(6, index, index.isMultiple(of: 2))
            set(index, 6, index.isMultiple(of: 2))
        }
    }

    /// With its separator, as far as that lies inside.
    private mutating func drawFinder(_ row: Int, _ column: Int) {
        for down in -4...4 {
            for right in -4...4 {
                let place = (row: row + down, column: column + right)
                guard (0..<size).contains(place.row), (0..<size).contains(place.column) else { continue }
                let ring = max(abs(down), abs(right))
                set(place.row, place.column, ring != 2 && ring != 4)
            }
        }
    }

    private mutating func drawAlignment(_ row: Int, _ column: Int) {
        for down in -2...2 {
            for right in -2...2 { set(row + down, column + right, max(abs(down), abs(right)) != 1) }
        }
    }

    /// Whether an alignment pattern there would lie on a finder.
    private func isFinder(_ row: Int, _ column: Int) -> Bool {
        let last = size - 7
        return (row == 6 && column == 6) || (row == 6 && column == last) || (row == last && column == 6)
    }

    /// ISO/IEC 18004, 7.9.1: the 15 bits twice, and the module that is always dark.
    private mutating func drawFormat(_ bits: Int) {
        for index in 0..<15 {
            let isDark = bits >> index & 1 == 1
            // Around the finder top left, passing over the timing patterns.
            switch index {
            case 0..<6: set(index, 8, isDark)
            case 6, 7: set(index + 1, 8, isDark)
            case 8: set(8, 7, isDark)
            default: set(8, 14 - index, isDark)
            }
            if index < 8 { set(8, size - 1 - index, isDark) } else { set(size - 15 + index, 8, isDark) }
        }
        set(size - 8, 8, true)
    }

    /// ISO/IEC 18004, 7.10: the 18 bits twice.
    private mutating func drawVersion(_ version: Version) {
        let bits = Information.version(version)
        for index in 0..<18 {
            let isDark = bits >> index & 1 == 1
            let (near, far) = (index / 3, size - 11 + index % 3)
            set(near, far, isDark)
            set(far, near, isDark)
        }
    }

    // MARK: Data

    /// The codewords, placed two columns at a time from the right, upwards and downwards in turn (ISO/IEC 18004,
    /// 7.7.3). Modules that are left over stay light.
    func withCodewords(_ codewords: [UInt8]) -> ModuleGrid {
        var grid = self
        var bit = 0
        // The column of the vertical timing pattern is passed over.
        let rightColumns = stride(from: size - 1, to: 6, by: -2) + stride(from: 5, to: 0, by: -2)
        for (turn, right) in rightColumns.enumerated() {
            for step in 0..<size {
                let row = turn.isMultiple(of: 2) ? size - 1 - step : step
                for column in [right, right - 1] where !isFixed(row: row, column: column) {
                    guard bit < codewords.count * 8 else { return grid }
                    grid.dark[row * size + column] = codewords[bit / 8] >> UInt8(7 - bit % 8) & 1 == 1
                    bit += 1
                }
            }
        }
        return grid
    }

    /// With the mask over everything but the fixed patterns, and the format information that says so.
    func masked(_ mask: Mask, _ version: Version, _ correction: ErrorCorrection) -> ModuleGrid {
        var grid = self
        for row in 0..<size {
            for column in 0..<size where !isFixed(row: row, column: column) && mask.inverts(row, column) {
                grid.dark[row * size + column].toggle()
            }
        }
        grid.drawFormat(Information.format(correction, mask))
        return grid
    }
}

private func + (left: StrideTo<Int>, right: StrideTo<Int>) -> [Int] { Array(left) + Array(right) }
