import Foundation
import Proxy

extension Examination {
    /// Two sockets, one silent and one that pings: which of them dies says why. Beside them a body that takes its time.
    mutating func checkIdle() async {
        guard report != nil else { return }
        let (probe, silence) = (probe, silence)
        // More often than anything gives up.
        let between = max(.milliseconds(500), min(.seconds(3), silence / 20))
        async let silent = try? probe.openSocket(holding: silence)
        async let pinged = try? probe.openSocket(holding: silence, pinging: between)
        async let slow = probe.uploadSlowly(min(silence, Self.slowest))
        let (quiet, busy, upload) = await (silent, pinged, slow)
        addSockets(quiet, busy)
        addUpload(upload)
    }

    private mutating func addSockets(_ quiet: SocketOpening?, _ busy: SocketOpening?) {
        guard let quiet, let busy, quiet.relays, busy.relays else {
            return add(.init("idle", .untested, "How long a quiet socket lives", saw: "no socket opened"))
        }
        switch (quiet.endedAfter, busy.endedAfter) {
        case (nil, nil) where silence < Self.pingTime:
            add(
                .init(
                    "idle", .untested, "How long a quiet socket lives",
                    saw: "\(silence.components.seconds) s at least; the server pings after 25 s"))
        case (nil, nil):
            add(.init("idle", .ok, "A quiet socket stays", saw: "\(silence.components.seconds) s"))
        case (let ended?, nil) where ended < Self.pingTime:
            add(
                .init(
                    "idle", .failure, idleFault, "A silent socket is cut before the server pings it",
                    saw: "after \(ended.components.seconds) s", why: "People reconnect again and again.",
                    hop: guess.name, cure: Cure.idleTime.text(for: guess)))
        case (let ended?, nil):
            add(
                .init(
                    "idle", .note, idleFault, "A silent socket is cut", saw: "after \(ended.components.seconds) s",
                    why: "The server pings more often, so that nobody notices; it is only worth knowing.",
                    hop: guess.name, cure: Cure.idleTime.text(for: guess)))
        case (_, let ended?):
            add(
                .init(
                    "idle", .failure, .everySocketCut, "Every socket is cut, also one that is used",
                    saw: "after \(ended.components.seconds) s", why: "People reconnect again and again.",
                    hop: guess.name, cure: Cure.lifetime.text(for: guess)))
        }
    }

    private var idleFault: Fault {
        switch guess.kind {
        case .apache: .silenceCutByApache
        case .haproxy: .silenceCutByHAProxy
        default: .silenceCut
        }
    }

    private mutating func addUpload(_ answer: Answer?) {
        let time = min(silence, Self.slowest).components.seconds
        if let answer, answer.isProven, answer.status == 200 {
            return add(.init("slow-upload", .ok, "A slow upload arrives", saw: "\(time) s"))
        }
        add(
            .init(
                "slow-upload", .failure, .slowUploadCut, "A slow upload is cut off",
                saw: "\(answer?.summary ?? "no answer") to one of \(time) s",
                why: "Files from phones and over slow lines fail.", hop: guess.name,
                cure: Cure.slowUpload.text(for: guess)))
    }

    /// When the server pings at the latest, with some time to arrive.
    private static let pingTime = Duration.seconds(30)
    /// The server itself gives a request a minute (`request-seconds`).
    private static let slowest = Duration.seconds(45)
}

extension Probe {
    /// - Parameter time: the body takes so long, without longer pauses in it.
    fileprivate func uploadSlowly(_ time: Duration) async -> Answer? {
        let pause = Duration.milliseconds(500)
        let pieces = Array(repeating: [UInt8](repeating: UInt8(ascii: "x"), count: 64), count: Int(time / pause))
        let headers = [("Content-Type", "application/octet-stream"), ("Content-Length", "\(64 * pieces.count)")]
        return try? await ask("POST", "/api/doctor/", headers, later: pieces, pause: pause)
    }
}
