import Foundation
import NIOCore
import Testing
import Wire

@Suite("A frame from the server")
struct WireFrameTests {
    @Test(
        "has the shortest header that its length allows, unmasked",
        arguments: [(0, 2), (125, 2), (126, 4), (65_535, 4), (65_536, 10)])
    func header(length: Int, headerLength: Int) {
        let payload = [UInt8](repeating: UInt8(ascii: "a"), count: length)
        var frame = WireFrame.text(payload)
        #expect(frame.readableBytes == headerLength + length)
        #expect(frame.readInteger(as: UInt8.self) == 0x81)
        let second = frame.readInteger(as: UInt8.self) ?? 0xFF
        #expect(second & 0x80 == 0)
        switch headerLength {
        case 2: #expect(Int(second) == length)
        case 4: #expect(frame.readInteger(as: UInt16.self).map(Int.init) == length)
        default: #expect(frame.readInteger(as: UInt64.self).map(Int.init) == length)
        }
    }

    @Test("closes with its code and name", arguments: CloseCode.allCases)
    func close(code: CloseCode) {
        var frame = WireFrame.close(code)
        #expect(frame.readInteger(as: UInt8.self) == 0x88)
        #expect(frame.readInteger(as: UInt8.self).map(Int.init) == 2 + code.name.utf8.count)
        #expect(frame.readInteger(as: UInt16.self) == code.rawValue)
        #expect(frame.readString(length: frame.readableBytes) == code.name)
    }

    @Test("is documented with its code and name, when it closes")
    func closeCodesAreDocumented() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/protocol.md").standardized
        let text = try String(contentsOf: page, encoding: .utf8)
        for code in CloseCode.allCases {
            #expect(text.contains("| \(code.rawValue) | \(code.name) |"), "\(code.rawValue) \(code.name)")
        }
    }
}
