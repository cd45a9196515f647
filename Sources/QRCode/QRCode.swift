/// A QR code, model 2 (ISO/IEC 18004:2015), in byte mode: from bytes to a square of dark and light modules.
///
/// The smallest of the versions 1…40 that holds the bytes is taken, and of the eight masks the one with the least
/// penalty. All versions are here, though an `otpauth` URI needs about 6 and a long URL about 20: they differ in the
/// numbers of one table only.
package struct QRCode: Hashable, Sendable {
    /// Light modules that a reader needs on each side (ISO/IEC 18004, 5.3.8). `svgPath` leaves them free.
    package static let quietZone = 4

    /// 1…40; a version has 4 modules more on each side than the one before.
    package let version: Int
    package let correction: ErrorCorrection
    /// Which of the eight patterns was laid over the data, 0…7.
    package let mask: Int
    private let grid: ModuleGrid

    /// - Parameters:
    ///   - bytes: what a reader will see. Readers take bytes for UTF-8 where they can be; ASCII, as in a URI, is safe
    ///     with every one of them.
    ///   - correction: how much of the symbol may be lost.
    /// - Throws: `QRCodeTooLong` beyond 2,953, 2,331, 1,663 and 1,273 bytes with L, M, Q and H.
    package init(_ bytes: some Collection<UInt8>, correction: ErrorCorrection = .medium) throws(QRCodeTooLong) {
        guard let version = Version.smallest(holding: bytes.count, correction) else {
            throw QRCodeTooLong(bytes: bytes.count, bytesMax: Version.largest.bytesMax(correction))
        }
        let codewords = version.codewords(of: bytes, correction)
        let blank = ModuleGrid(version).withCodewords(codewords)
        let candidates = Mask.all.map { mask in blank.masked(mask, version, correction) }
        let penalties = candidates.map { Penalty($0.rows).points }
        let best = penalties.indices.min { penalties[$0] < penalties[$1] } ?? 0
        self.init(version, correction, mask: best, candidates[best])
    }

    /// - Throws: `QRCodeTooLong`.
    package init(_ text: String, correction: ErrorCorrection = .medium) throws(QRCodeTooLong) {
        try self.init(Array(text.utf8), correction: correction)
    }

    private init(_ version: Version, _ correction: ErrorCorrection, mask: Int, _ grid: ModuleGrid) {
        self.version = version.number
        self.correction = correction
        self.mask = mask
        self.grid = grid
    }

    /// Modules on each side, without the quiet zone.
    package var size: Int { grid.size }

    /// Whether the module is dark. Rows go down, columns to the right, from 0.
    package func isDark(row: Int, column: Int) -> Bool { grid[row, column] }
}

/// How much of a symbol a reader can do without (ISO/IEC 18004, 6.5.1): about 7, 15, 25 or 30 percent.
package enum ErrorCorrection: CaseIterable, Sendable {
    case low
    case medium
    case quartile
    case high

    /// The two bits of the format information (ISO/IEC 18004, table 12).
    var formatBits: Int {
        switch self {
        case .low: 0b01
        case .medium: 0b00
        case .quartile: 0b11
        case .high: 0b10
        }
    }
}

/// No QR code holds so much.
package struct QRCodeTooLong: Error, Hashable, CustomStringConvertible {
    package let bytes: Int
    package let bytesMax: Int

    package var description: String { "A QR code holds at most \(bytesMax) bytes here, and these are \(bytes)." }
}
