extension Examination {
    /// Whether an event stream arrives as it is written: for those whose sockets do not open.
    mutating func checkStream() async {
        guard report != nil else { return }
        switch try? await probe.beginningOfStream() {
        case .atOnce:
            add(.init("stream", .ok, "Event streams arrive as they are written", saw: "the beginning at once"))
        case .together: add(held("its beginning came with its end, 2 s later"))
        case .altered(let answer): add(held("Content-Encoding: \(answer.header("content-encoding") ?? "")"))
        case .some(.none), nil: add(.init("stream", .untested, "Event streams", saw: "no answer from the server"))
        }
    }

    private func held(_ saw: String) -> Finding {
        .init(
            "stream", .warning, .streamHeldBack, "Event streams are held back", saw: saw,
            why: "Where sockets do not open, messages arrive in lumps, or never.", hop: guess.name,
            cure: Cure.streams.text(for: guess))
    }
}
