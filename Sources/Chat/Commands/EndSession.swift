import Auth
package import Model

extension Chat {
    /// Signs out: the sign-in's tokens are worth nothing from now on, and its sockets end.
    package func endSession(_ session: SessionID) async throws {
        try await authenticator.end(session)
        publish(.sessionEnded(session))
    }

    /// Ends the sockets of a sign-in whose refresh token turned out to be in two hands.
    package func sessionWasEnded(_ session: SessionID) {
        publish(.sessionEnded(session))
    }
}
