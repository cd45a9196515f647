import Crypto
import Foundation
import Testing

@testable import QRCode

/// Symbols that two others agreed on: PyPI's `qrcode` makes the same modules, and `zxing-cpp` reads the text from them.
private struct Recorded: Decodable, Sendable, CustomTestStringConvertible {
    let correction: String
    let version: Int
    /// How many bytes of the text: as many as the version holds.
    let bytes: Int
    let mask: Int
    /// Of the rows, a digit for each module, with `/` between them.
    let sha256: String

    var testDescription: String { "\(version)-\(correction)" }

    struct File: Decodable {
        let text: String
        let symbols: [Recorded]
    }

    static let file: File? = try? JSONDecoder().decode(File.self, from: Data(contentsOf: fixture("symbols.json")))

    static func fixture(_ name: String) -> URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../Fixtures/qr/\(name)")
    }

    var level: ErrorCorrection? {
        ["L": .low, "M": .medium, "Q": .quartile, "H": .high][correction]
    }
}

private func rows(_ code: QRCode, dark: Character, light: Character) -> [String] {
    (0..<code.size).map { row in
        String((0..<code.size).map { code.isDark(row: row, column: $0) ? dark : light })
    }
}

@Suite("A QR code")
struct QRCodeTests {
    private static let uri =
        "otpauth://totp/Parley:puck?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Parley&algorithm=SHA1&digits=6"
        + "&period=30"

    @Test("was recorded for each version and level")
    func recorded() throws {
        let symbols = try #require(Recorded.file).symbols
        #expect(Set(symbols.map(\.testDescription)).count == 160)
    }

    @Test("of each version and level has the modules that a reader read", arguments: Recorded.file?.symbols ?? [])
    private func sameAsRecorded(recorded: Recorded) throws {
        let text = try #require(Recorded.file).text.utf8
        let payload = (0..<recorded.bytes).map { text[text.index(text.startIndex, offsetBy: $0 % text.count)] }
        let level = try #require(recorded.level)
        let version = try #require(Version.smallest(holding: recorded.bytes, level))
        #expect(version.number == recorded.version)
        let grid = ModuleGrid(version).withCodewords(version.codewords(of: payload, level))
            .masked(Mask(number: recorded.mask), version, level)
        let modules = grid.rows.map { String($0.map { $0 ? "1" : "0" }) }.joined(separator: "/")
        #expect(SHA256.hash(data: Data(modules.utf8)).map { String(format: "%02x", $0) }.joined() == recorded.sha256)
    }

    @Test("chooses the mask that was recorded", arguments: (Recorded.file?.symbols ?? []).filter { $0.version <= 10 })
    private func sameMask(recorded: Recorded) throws {
        let text = try #require(Recorded.file).text
        let payload = String(repeating: text, count: 3).prefix(recorded.bytes)
        #expect(try QRCode(String(payload), correction: #require(recorded.level)).mask == recorded.mask)
    }

    @Test("of an otpauth URI is the picture that a reader read")
    func picture() throws {
        let code = try QRCode(Self.uri)
        let picture = try String(contentsOf: Recorded.fixture("otpauth.txt"), encoding: .utf8)
        #expect(rows(code, dark: "#", light: ".") == picture.split(separator: "\n").map(String.init))
    }

    @Test("takes the smallest version that holds the bytes", arguments: ErrorCorrection.allCases)
    func smallest(correction: ErrorCorrection) throws {
        for (version, next) in zip(Version.all, Version.all.dropFirst()) {
            let most = version.bytesMax(correction)
            #expect(Version.smallest(holding: most, correction) == version)
            #expect(Version.smallest(holding: most + 1, correction) == next)
        }
    }

    @Test(
        "is refused beyond the capacity of the standard, and made up to it",
        arguments: [(ErrorCorrection.low, 2953), (.medium, 2331), (.quartile, 1663), (.high, 1273)])
    func tooLong(correction: ErrorCorrection, bytesMax: Int) throws {
        let bytes = [UInt8](repeating: 0xFF, count: bytesMax + 1)
        #expect(try QRCode(bytes.dropLast(), correction: correction).version == 40)
        #expect(throws: QRCodeTooLong(bytes: bytesMax + 1, bytesMax: bytesMax)) {
            try QRCode(bytes, correction: correction)
        }
    }

    @Test("of nothing is a symbol, too")
    func empty() throws {
        #expect(try QRCode([]).version == 1)
    }

    @Test("takes the mask with the least penalty")
    func bestMask() throws {
        let version = try #require(Version.smallest(holding: Self.uri.utf8.count, .medium))
        let blank = ModuleGrid(version).withCodewords(version.codewords(of: Array(Self.uri.utf8), .medium))
        let penalties = Mask.all.map { Penalty(blank.masked($0, version, .medium).rows).points }
        #expect(Set(penalties).count > 1)
        #expect(try penalties[QRCode(Self.uri).mask] == #require(penalties.min()))
    }

    @Test("is drawn as a path of plain characters, with exactly its dark modules and a quiet zone")
    func path() throws {
        let code = try QRCode(Self.uri)
        #expect(code.svgPath.wholeMatch(of: /(M\d+ \d+H\d+V\d+H\d+z)+/) != nil)
        #expect(code.svgSide == code.size + 8)
        var drawn: Set<[Int]> = []
        for run in code.svgPath.matches(of: /M(\d+) (\d+)H(\d+)V(\d+)H(\d+)z/) {
            let numbers = [run.1, run.2, run.3, run.4, run.5].compactMap { Int($0) }
            #expect(numbers[3] == numbers[1] + 1 && numbers[4] == numbers[0])
            for column in numbers[0]..<numbers[2] { drawn.insert([numbers[1] - 4, column - 4]) }
        }
        let dark = (0..<code.size * code.size).map { [$0 / code.size, $0 % code.size] }
            .filter { code.isDark(row: $0[0], column: $0[1]) }
        #expect(drawn == Set(dark))
    }
}
