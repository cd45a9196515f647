/// A refusal. Nothing has changed when one is thrown.
///
/// The same value answers a socket frame (docs/protocol.md) and an HTTP request (RFC 9457); its code is part
/// of the contract, its sentence is not.
package struct ChatError: Error, Hashable, Sendable {
    package enum Code: String, Sendable, CaseIterable {
        // What was sent cannot be understood.
        case invalidJSON = "invalid_json"
        case unknownType = "unknown_type"
        case missingField = "missing_field"
        case invalidField = "invalid_field"
        case unsupportedMediaType = "unsupported_media_type"
        case bodyTooLarge = "body_too_large"
        case routeNotFound = "route_not_found"
        case methodNotAllowed = "method_not_allowed"
        case upgradeRequired = "upgrade_required"
        case tlsRequired = "tls_required"
        case badRequest = "bad_request"
        case hostUnknown = "host_unknown"

        // What was asked for is not possible.
        case textEmpty = "text_empty"
        case textTooLong = "text_too_long"
        case roomNotFound = "room_not_found"
        case notAMember = "not_a_member"
        case slugTaken = "slug_taken"
        case usernameTaken = "username_taken"
        case userNotFound = "user_not_found"
        case tooManyRooms = "too_many_rooms"
        case streamNotFound = "stream_not_found"
        case directRoomFixed = "direct_room_fixed"
        case registrationClosed = "registration_closed"
        case sessionNotFound = "session_not_found"
        case invitationNotFound = "invitation_not_found"
        case invitationInvalid = "invitation_invalid"
        case tokenNotFound = "token_not_found"
        case tooManyTokens = "too_many_tokens"
        case botNotFound = "bot_not_found"
        case tooManyBots = "too_many_bots"
        case hookNotFound = "hook_not_found"
        case tooManyHooks = "too_many_hooks"
        case deliveryNotFound = "delivery_not_found"
        case setUpDone = "set_up_done"
        case lastAdmin = "last_admin"
        case messageNotFound = "message_not_found"
        case reportNotFound = "report_not_found"
        case banned
        case muted
        case roomLocked = "room_locked"
        case announcementsOnly = "announcements_only"
        case textRefused = "text_refused"
        case lastWayIn = "last_way_in"
        case lastFactor = "last_factor"
        case identityTaken = "identity_taken"
        case providerNotFound = "provider_not_found"
        case passkeyNotFound = "passkey_not_found"
        case passkeyTaken = "passkey_taken"
        case passkeysUnavailable = "passkeys_unavailable"
        case tooManyPasskeys = "too_many_passkeys"
        case emailTaken = "email_taken"
        case emailCodeWrong = "email_code_wrong"
        case emailCodeExpired = "email_code_expired"
        case resetInvalid = "reset_invalid"
        case noMail = "no_mail"

        // Who is asking could not be established.
        case wrongPassword = "wrong_password"
        case codeRequired = "code_required"
        case codeWrong = "code_wrong"
        case passkeyRefused = "passkey_refused"
        case secondFactorRequired = "second_factor_required"
        case signInAgain = "sign_in_again"
        case credentialsMissing = "credentials_missing"
        case notAuthenticated = "not_authenticated"
        case alreadyAuthenticated = "already_authenticated"
        case tokenMissing = "token_missing"
        case tokenInvalid = "token_invalid"
        case tokenAlgorithm = "token_algorithm"
        case tokenExpired = "token_expired"
        case tokenReused = "token_reused"
        case userGone = "user_gone"
        case accountDisabled = "account_disabled"
        case sessionEnded = "session_ended"
        case sessionExpired = "session_expired"
        case ticketInvalid = "ticket_invalid"
        case queryTokenRefused = "query_token_refused"
        case originRefused = "origin_refused"
        case csrfFailed = "csrf_failed"
        case formStale = "form_stale"
        case addressRefused = "address_refused"
        case notAllowed = "not_allowed"
        case scopeMissing = "scope_missing"
        case emailUnverified = "email_unverified"

        // Not now.
        case tooManyRequests = "too_many_requests"
        case slowMode = "slow_mode"
        case tooManyInFlight = "too_many_in_flight"
        case tooManyFrames = "too_many_frames"
        case tooManySockets = "too_many_sockets"
        case tooBusy = "too_busy"
        case storageUnavailable = "storage_unavailable"
        case notReady = "not_ready"
        case `internal` = "internal"
    }

    package let code: Code
    /// One sentence for people, in plain words.
    package let message: String
    /// The field at fault, where there is one.
    package let field: String?
    /// After how long the same request may succeed, where that is known.
    package let retryAfter: Seconds?
    /// What the access token would have needed, where that is what was missing.
    package let scope: Scope?

    package init(_ code: Code, _ message: String, field: String? = nil, retryAfter: Seconds? = nil, scope: Scope? = nil)
    {
        self.code = code
        self.message = message
        self.field = field
        self.retryAfter = retryAfter
        self.scope = scope
    }

    /// The same request may succeed later, unchanged.
    package var isTemporary: Bool {
        switch code {
        case .tooManyRequests, .slowMode, .tooManyInFlight, .tooManyFrames, .tooManySockets, .tooBusy,
            .storageUnavailable,
            .notReady, .internal:
            true
        default: false
        }
    }
}

extension ChatError: CustomStringConvertible {
    package var description: String { message }
}

extension ChatError {
    package static let roomNotFound = ChatError(.roomNotFound, "There is no such room, or it is not open to you.")
    package static let invitationInvalid = ChatError(
        .invitationInvalid, "This invitation has expired, or was used up or taken back. Ask for a new one.")
    package static let resetInvalid = ChatError(
        .resetInvalid, "This link has expired or was used already. Ask for a new one.")
    package static let emailTaken = ChatError(
        .emailTaken, "This address belongs to another account.", field: "email")
    package static let notAMember = ChatError(.notAMember, "Join this room first.")
    package static let storageUnavailable = ChatError(
        .storageUnavailable, "The server could not save this just now. Try again in a moment.")
    package static let `internal` = ChatError(.internal, "Something went wrong on the server. It has been logged.")
}
