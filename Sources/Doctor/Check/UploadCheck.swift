import Foundation
import Realtime

extension Examination {
    /// Whether the largest upload that the server takes reaches it; else the largest that does.
    mutating func checkUpload() async {
        guard let report else { return }
        let wanted = report.bodyBytesMax
        guard let first = await upload(wanted) else {
            return add(.init("upload", .untested, "Uploads", saw: "no answer"))
        }
        if first.isProven, first.status == 200 {
            let count = self.report(in: first)?.bodyBytes ?? 0
            guard count == wanted else {
                return add(
                    .init(
                        "upload", .failure, .chunksLost, "Bodies are lost on the way",
                        saw: "\(count) bytes of \(wanted)",
                        why: "Files arrive empty.", hop: guess.name, cure: Cure.chunks.text(for: guess)))
            }
            return add(.init("upload", .ok, "Uploads reach the server", saw: "\(wanted) bytes, as many as it takes"))
        }
        guard first.status == 413 || !first.isProven else {
            return add(.init("upload", .untested, "Uploads", saw: first.summary))
        }
        var (good, bad) = (0, wanted)
        while bad - good > max(1024, wanted / 64) {
            let middle = (good + bad) / 2
            let answer = await upload(middle)
            if let answer, answer.isProven, answer.status == 200 { good = middle } else { bad = middle }
        }
        add(
            .init(
                "upload", .failure, .bodyCut, "Uploads are cut off on the way",
                saw: "\(first.summary); some \(good) bytes pass, the server takes \(wanted)",
                why: "Files fail, and some clients show success.", hop: guess.name,
                cure: Cure.bodyLimit.text(for: guess)))
    }

    private func upload(_ count: Int) async -> Answer? {
        let body = [UInt8](repeating: UInt8(ascii: "x"), count: count)
        return try? await probe.ask("POST", "/api/doctor/", [("Content-Type", "application/octet-stream")], body: body)
    }
}
