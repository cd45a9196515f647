import CArgon2
import Dispatch
import Foundation
import Model
import Synchronization

/// Hashes passwords with Argon2id (RFC 9106), on threads of its own: a hash takes tens of milliseconds and tens of
/// megabytes, so at most `workers` run at once, and at most `waitingMax` wait.
package final class PasswordHasher: Sendable {
    /// The cost of one hash. A stored hash carries its own; these are for new ones.
    package struct Parameters: Hashable, Sendable {
        /// OWASP's first recommendation: 19 MiB, two passes, one lane.
        package var memoryKiB: UInt32 = 19_456
        package var iterations: UInt32 = 2
        package var parallelism: UInt32 = 1

        package init() {}
    }

    private static let hashBytes = 32
    private static let saltBytes = 16

    private let parameters: Parameters
    private let waitingMax: Int
    private let queues: [DispatchQueue]
    private let waiting = Mutex((count: 0, next: 0))
    private let hashed = Mutex(0)

    /// How many passwords were hashed or compared so far: what is to take the same time does the same number of them.
    package var count: Int { hashed.withLock(\.self) }

    package init(parameters: Parameters = Parameters(), workers: Int = 2, waitingMax: Int = 64) {
        self.parameters = parameters
        self.waitingMax = waitingMax
        queues = (0..<max(1, workers)).map { DispatchQueue(label: "parley.password.\($0)") }
    }

    /// - Returns: the hash with its salt and parameters, in the PHC string format.
    /// - Throws: `too_busy`.
    package func hash(_ password: String) async throws -> String {
        try await run { [parameters] in try Self.hash(password, parameters) }
    }

    /// Compares a password with a stored hash. Without one (there is no such person) it takes as long and says no.
    /// - Throws: `too_busy`.
    package func verify(_ password: String, against stored: String?) async throws -> Bool {
        try await run { [parameters] in
            guard let stored else {
                _ = try Self.hash(password, parameters)
                return false
            }
            return argon2id_verify(stored, password, password.utf8.count) == ARGON2_OK.rawValue
        }
    }

    /// Whether a stored hash was made with other parameters than those in force, and should be made anew.
    package func isOutdated(_ stored: String) -> Bool {
        !stored.contains("$m=\(parameters.memoryKiB),t=\(parameters.iterations),p=\(parameters.parallelism)$")
    }

    private func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        let queue = waiting.withLock { waiting -> DispatchQueue? in
            guard waiting.count < waitingMax else { return nil }
            waiting.count += 1
            waiting.next = (waiting.next + 1) % queues.count
            return queues[waiting.next]
        }
        guard let queue else {
            throw ChatError(.tooBusy, "Many people are signing in just now. Try again in a moment.")
        }
        defer { waiting.withLock { $0.count -= 1 } }
        hashed.withLock { $0 += 1 }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: work)) }
        }
    }

    private static func hash(_ password: String, _ parameters: Parameters) throws -> String {
        var generator = SystemRandomNumberGenerator()
        let salt = (0..<saltBytes).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let length = argon2_encodedlen(
            parameters.iterations, parameters.memoryKiB, parameters.parallelism, UInt32(saltBytes), UInt32(hashBytes),
            Argon2_id)
        var encoded = [CChar](repeating: 0, count: length)
        let status = argon2id_hash_encoded(
            parameters.iterations, parameters.memoryKiB, parameters.parallelism, password, password.utf8.count, salt,
            saltBytes, hashBytes, &encoded, length)
        guard status == ARGON2_OK.rawValue else { throw Argon2Error(status: status) }
        return encoded.withUnsafeBufferPointer {
            String(decoding: $0.map(UInt8.init(bitPattern:)).prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}

/// Argon2 refused, for want of memory or because of impossible parameters.
package struct Argon2Error: Error, CustomStringConvertible {
    let status: Int32

    package var description: String { String(cString: argon2_error_message(status)) }
}
