import NIOCore

/// How many frames one socket may still send: a second's worth at once, and then as many as time brings.
struct FrameBudget {
    private let perSecond: Int32
    private var left: Float
    private var counted: NIODeadline

    init(perSecond: Int, now: NIODeadline) {
        self.perSecond = Int32(clamping: perSecond)
        left = Float(perSecond)
        counted = now
    }

    /// - Returns: whether there was one left.
    mutating func take(now: NIODeadline) -> Bool {
        left = min(Float(perSecond), left + Float(perSecond) * Float((now - counted).nanoseconds) / 1e9)
        counted = now
        guard left >= 1 else { return false }
        left -= 1
        return true
    }
}
