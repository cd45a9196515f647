/// How hard a symbol may be to read: the sum of four features (ISO/IEC 18004, 7.8.3.1).
struct Penalty {
    private let rows: [[Bool]]
    private let columns: [[Bool]]

    /// - Parameter rows: of a square; `true` is dark.
    init(_ rows: [[Bool]]) {
        self.rows = rows
        columns = rows.indices.map { column in rows.map { $0[column] } }
    }

    var points: Int {
        let lines = (rows + columns).reduce(0) { $0 + Self.runs(in: $1) + Self.finderLookAlikes(in: $1) }
        return lines + squares + imbalance
    }

    /// Five in a row of one colour: 3; each further one: 1.
    private static func runs(in line: [Bool]) -> Int {
        var penalty = 0
        var length = 0
        for (index, module) in line.enumerated() {
            length = index > 0 && line[index - 1] == module ? length + 1 : 1
            if length == 5 { penalty += 3 } else if length > 5 { penalty += 1 }
        }
        return penalty
    }

    /// 1:1:3:1:1 with four light ones before or behind: 40. What is beyond the edge is the quiet zone, and light.
    private static func finderLookAlikes(in line: [Bool]) -> Int {
        let margin = Array(repeating: false, count: QRCode.quietZone)
        let wide = margin + line + margin
        var penalty = 0
        // The latest eleven modules, the newest in the lowest bit.
        var window = 0
        for (index, module) in wide.enumerated() {
            window = (window << 1 | (module ? 1 : 0)) & 0b111_1111_1111
            guard index >= 10 else { continue }
            if window == 0b000_0101_1101 || window == 0b101_1101_0000 { penalty += 40 }
        }
        return penalty
    }

    /// Two by two of one colour: 3.
    private var squares: Int {
        var count = 0
        for (upper, lower) in zip(rows, rows.dropFirst()) {
            for column in upper.indices.dropLast()
            where upper[column] == upper[column + 1] && upper[column] == lower[column]
                && upper[column] == lower[column + 1]
            {
                count += 1
            }
        }
        return 3 * count
    }

    /// Each whole 5 percent that the dark modules are away from half: 10.
    private var imbalance: Int {
        let total = rows.count * rows.count
        let darkCount = rows.reduce(0) { $0 + $1.count { $0 } }
        return abs(darkCount * 20 - total * 10) / total * 10
    }
}
