import Foundation
import FuzzTargets
import Testing

/// The files that `make fuzz` starts from, and every case that it ever found, without libFuzzer.
@Suite("Bytes that anybody may send")
struct CorpusTests {
    struct Input: Sendable, CustomTestStringConvertible {
        let target: FuzzTarget
        let name: String
        let bytes: [UInt8]

        var testDescription: String { "\(target.rawValue)/\(name)" }

        static let all: [Input] = FuzzTarget.allCases.flatMap { target in
            let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("../Fuzz/corpus/\(target.rawValue)").standardized
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
            return names.sorted().compactMap { name in
                let contents = try? Data(contentsOf: folder.appendingPathComponent(name))
                return contents.map { Input(target: target, name: name, bytes: Array($0)) }
            }
        }
    }

    @Test("are there for each way in", arguments: FuzzTarget.allCases)
    func exist(target: FuzzTarget) {
        #expect(Input.all.count { $0.target == target } >= 20)
    }

    @Test("harm nothing, also where they are cut off", arguments: Input.all)
    func replay(input: Input) throws {
        for count in 0...input.bytes.count {
            try input.target.run(Array(input.bytes.prefix(count)))
        }
    }
}
