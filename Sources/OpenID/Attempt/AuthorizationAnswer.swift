/// What the provider sent the browser back with (RFC 6749, sections 4.1.2 and 4.1.2.1).
struct AuthorizationAnswer: Hashable, Sendable {
    enum Outcome: Hashable {
        case code(String)
        /// The `error`; its description is the provider's text, which nobody here needs to see.
        case refused(String)
    }

    let state: String
    /// `iss` (RFC 9207)
    let issuer: String?
    let outcome: Outcome

    static let bytesMax = 8 * 1024

    /// - Throws: `answerMalformed` for a parameter that is there twice (RFC 6749, section 3.1), a code beside an error,
    ///   neither of the two, or no state.
    init(query: String) throws(OpenIDError) {
        guard query.utf8.count <= Self.bytesMax else { throw .answerMalformed("it is too long") }
        guard let fields = FormFields.decoded(query) else { throw .answerMalformed("it is not UTF-8 in %XX") }
        func value(_ name: String) throws(OpenIDError) -> String? {
            let values = fields.filter { $0.name == name }.map(\.value)
            guard values.count <= 1 else { throw .answerMalformed("\(name) is there twice") }
            // One without a value is as good as none.
            return values.first.flatMap { $0.isEmpty ? nil : $0 }
        }
        guard let state = try value("state") else { throw .answerMalformed("state is missing") }
        self.state = state
        issuer = try value("iss")
        switch (try value("code"), try value("error")) {
        case (let code?, nil): outcome = .code(code)
        case (nil, let error?): outcome = .refused(error)
        case (nil, nil): throw .answerMalformed("code is missing")
        default: throw .answerMalformed("it has a code and an error")
        }
    }
}
