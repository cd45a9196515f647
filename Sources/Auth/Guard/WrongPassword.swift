/// Whoever is signed in and shows a wrong password is told of here, by the one place that looks at it: nothing that asks
/// for the password once more can forget to.
package enum WrongPassword {
    @TaskLocal private static var listener: (@Sendable () -> Void)?

    /// Does some work.
    /// - Parameter listener: called at each wrong password in it.
    package static func telling<Value>(
        _ listener: @escaping @Sendable () -> Void, _ work: () async throws -> Value
    ) async rethrows -> Value {
        try await $listener.withValue(listener, operation: work)
    }

    static func tell() { listener?() }
}
