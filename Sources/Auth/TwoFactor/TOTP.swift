import Crypto
package import Foundation
package import Model

/// One-time codes that change with the time (RFC 6238), as authenticator apps show them: HMAC-SHA-1, six digits, a new
/// one every 30 seconds from the beginning of 1970.
package struct TOTP: Hashable, Sendable {
    /// How many periods of 30 seconds had passed since the beginning of 1970.
    package typealias Step = Int64

    package static let period = Seconds(30)
    package static let digits = 6
    /// As long as HMAC-SHA-1's result (RFC 4226, section 4, R6).
    package static let secretBytes = 20
    /// So many steps before and after the present one count as well: clocks differ, and typing takes time (RFC 6238,
    /// section 5.2).
    package static let window: Step = 1

    /// What is kept on the server, encrypted, and in the person's app.
    package let secret: Data

    /// A fresh one.
    package init() {
        secret = SymmetricKey(size: SymmetricKeySize(bitCount: Self.secretBytes * 8)).withUnsafeBytes { Data($0) }
    }

    /// One that was kept.
    package init(secret: Data) { self.secret = secret }

    package static func step(at moment: Timestamp) -> Step {
        let milliseconds = period.count * 1000
        return moment.milliseconds / milliseconds - (moment.milliseconds % milliseconds < 0 ? 1 : 0)
    }

    package func code(at step: Step) -> String {
        HOTP.code(secret: secret, counter: UInt64(bitPattern: step), digits: Self.digits)
    }

    /// Whether the code is right, and not used before.
    ///
    /// It takes the same time whichever step it is right for, or none.
    /// - Parameters:
    ///   - text: six digits; spaces between them do not matter.
    ///   - lastUsed: what this returned for the person's latest code. A code is good once (RFC 6238, section 5.2), and
    ///     those before it are over with it.
    /// - Returns: the step that the code is of, or nil. The caller has to store it before it lets the person in, and only
    ///   where what is stored is still less (`… SET step = ? WHERE step < ?`): of two tries at once one loses.
    package func accepts(_ text: String, at now: Timestamp = .now, lastUsed: Step?) -> Step? {
        let digits = text.utf8.filter { $0 != UInt8(ascii: " ") }
        let present = Self.step(at: now)
        var accepted: Step?
        for step in present - Self.window...present + Self.window {
            let isRight = Self.areEqual(digits, Array(code(at: step).utf8))
            if isRight, step > lastUsed ?? .min { accepted = step }
        }
        return accepted
    }

    /// In a time that tells nothing of where they differ.
    private static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
