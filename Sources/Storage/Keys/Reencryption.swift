/// Encrypts all messages that are under another key with the ring's current one, some at a time, so that the chat goes
/// on meanwhile.
package struct Reencryption: Sendable {
    private let messages: any MessageStore

    package init(messages: any MessageStore) {
        self.messages = messages
    }

    /// - Parameter progress: told how many are done, after each batch.
    /// - Returns: how many were encrypted anew, and how many could not be read.
    package func run(progress: (Int) -> Void = { _ in }) async throws -> ReencryptionPosition {
        var position = ReencryptionPosition()
        while let next = try await messages.reencrypt(from: position, limit: 200) {
            try Task.checkCancellation()
            position = next
            progress(position.changed)
        }
        return position
    }
}
