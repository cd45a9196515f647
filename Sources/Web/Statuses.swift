import HTTPTypes
import Model

extension ChatError.Code {
    /// The HTTP status of a refusal. One place for all of them.
    var status: HTTPResponse.Status {
        switch self {
        case .invalidJSON, .badRequest: .badRequest
        case .unknownType, .missingField, .invalidField, .textEmpty, .textTooLong, .textRefused, .formStale,
            .emailCodeWrong, .emailCodeExpired:
            .unprocessableContent
        case .wrongPassword, .codeRequired, .codeWrong, .passkeyRefused, .credentialsMissing, .notAuthenticated,
            .tokenMissing,
            .tokenInvalid, .tokenAlgorithm,
            .tokenExpired, .tokenReused, .userGone, .sessionEnded, .sessionExpired, .ticketInvalid:
            .unauthorized
        case .accountDisabled, .tlsRequired, .queryTokenRefused, .originRefused, .csrfFailed, .registrationClosed,
            .invitationInvalid,
            .notAMember, .notAllowed, .scopeMissing, .secondFactorRequired, .signInAgain, .banned, .muted, .roomLocked,
            .announcementsOnly, .emailUnverified, .resetInvalid, .addressRefused:
            .forbidden
        case .hostUnknown: .misdirectedRequest
        case .routeNotFound, .roomNotFound, .userNotFound, .streamNotFound, .sessionNotFound,
            .invitationNotFound, .messageNotFound, .reportNotFound, .providerNotFound, .passkeyNotFound,
            .passkeysUnavailable, .noMail, .tokenNotFound, .botNotFound, .hookNotFound, .deliveryNotFound:
            .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .slugTaken, .usernameTaken, .setUpDone, .lastAdmin, .directRoomFixed, .alreadyAuthenticated, .tooManyRooms,
            .lastWayIn, .lastFactor, .identityTaken, .passkeyTaken, .tooManyPasskeys, .emailTaken, .tooManyTokens,
            .tooManyBots, .tooManyHooks:
            .conflict
        case .bodyTooLarge: .contentTooLarge
        case .unsupportedMediaType: .unsupportedMediaType
        case .upgradeRequired: HTTPResponse.Status(code: 426, reasonPhrase: "Upgrade Required")
        case .tooManyRequests, .slowMode, .tooManyInFlight, .tooManyFrames, .tooManySockets: .tooManyRequests
        case .tooBusy, .storageUnavailable, .notReady: .serviceUnavailable
        case .internal: .internalServerError
        }
    }
}
