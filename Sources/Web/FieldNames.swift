import HTTPTypes
import Realtime

extension HTTPField.Name {
    static let secFetchSite = Self(lowercase: "sec-fetch-site")
    /// `parley doctor` asks, and is shown who answered.
    static let doctorQuestion = Self(lowercase: DoctorHeader.question)
    static let doctorProof = Self(lowercase: DoctorHeader.proof)
    static let csrfToken = Self(lowercase: "x-csrf-token")
    static let frameOptions = Self(lowercase: "x-frame-options")
    static let contentTypeOptions = Self(lowercase: "x-content-type-options")
    static let referrerPolicy = Self(lowercase: "referrer-policy")
    static let permissionsPolicy = Self(lowercase: "permissions-policy")
    static let openerPolicy = Self(lowercase: "cross-origin-opener-policy")
    static let strictTransportSecurity = Self(lowercase: "strict-transport-security")
    static let idempotencyKey = Self(lowercase: "idempotency-key")
    static let lastEventID = Self(lowercase: "last-event-id")
    /// nginx's word for "do not buffer this response".
    static let accelBuffering = Self(lowercase: "x-accel-buffering")
    static let requestID = Self(lowercase: "x-request-id")

    /// For names that are written in our sources, and are therefore known to be well formed.
    private init(lowercase name: String) {
        guard let field = Self(name) else { preconditionFailure("\(name) is not a field name") }
        self = field
    }
}
