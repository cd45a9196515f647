import Auth
import Chat
import Foundation
import HTTPTypes
import Hummingbird
import Model
import Proxy

/// One's own passkeys: made, named and removed.
extension Site {
    func addPasskeyPages(to router: Router<WebContext>) {
        page(router, .get, "/profile/passkeys", isSettingUp: true) { call in try await passkeysPage(call) }
        form(router, "/profile/passkeys", isSettingUp: true, addPasskey)
        form(router, "/profile/passkeys/question", isSettingUp: true, askForPasskey)
        form(router, "/profile/passkeys/{id}", renamePasskey)
        form(router, "/profile/passkeys/{id}/remove", removePasskey)
    }

    /// What the browser needs to make a passkey, as JSON.
    private func askForPasskey(_ call: PageCall, _ form: Form) async throws -> Response {
        try checkOrigin(of: call.request, from: call.context.visitor, form)
        try await checkRecent(form["password"], call)
        let question = try await authenticator.passkeys.registrationQuestion(
            for: call.principal, in: try browser(of: call.request))
        return Response(question: question)
    }

    private func addPasskey(_ call: PageCall, _ form: Form) async throws -> Response {
        try await showingRefusal(call, form, typed: TypedName(passkey: nil, name: form["name"])) {
            let codes = try await authenticator.passkeys.register(
                Data(form["answer"].utf8), to: form["challenge"], name: form["name"], by: call.principal,
                in: try browser(of: call.request))
            chat.tell(.passkeyAdded(name: form["name"].excerpt(64)), call.principal.user)
            guard codes.isEmpty else { return try await passkeysPage(call, codes: codes) }
            return redirect(to: "/profile/passkeys/?done=added")
        }
    }

    private func renamePasskey(_ call: PageCall, _ form: Form) async throws -> Response {
        let id = try passkey(call)
        return try await showingRefusal(call, form, typed: TypedName(passkey: id, name: form["name"])) {
            try await authenticator.passkeys.rename(id, to: form["name"], by: call.principal)
            return redirect(to: "/profile/passkeys/?done=renamed")
        }
    }

    private func removePasskey(_ call: PageCall, _ form: Form) async throws -> Response {
        try await showingRefusal(call, form) {
            try await checkRecent(form["password"], call)
            try await authenticator.passkeys.remove(try passkey(call), by: call.principal)
            return redirect(to: "/profile/passkeys/?done=removed")
        }
    }

    private func passkey(_ call: PageCall) throws -> PasskeyID {
        guard let id = Int64(try call.path("id")) else {
            throw ChatError(.passkeyNotFound, "There is no such passkey.")
        }
        return PasskeyID(rawValue: id)
    }

    /// - Throws: `invalid_field` with the field `password`, `sign_in_again`, `too_many_requests`.
    private func checkRecent(_ password: String, _ call: PageCall) async throws {
        try await authenticator.confirmUnlessRecent(
            password, of: call.principal, field: "password", from: client(of: call.request, call.context))
    }

    private func passkeysPage(
        _ call: PageCall, codes: [String] = [], error: ChatError? = nil, typed: TypedName? = nil
    ) async throws -> Response {
        let passkeys = try await authenticator.passkeys.passkeys(of: call.principal.user)
        let isRecent = try await authenticator.isRecent(call.principal.session)
        var values: [String: Any] = [
            "codes": codes, "hasCodes": !codes.isEmpty, "arePossible": authenticator.passkeys.arePossible,
            "passkeys": passkeys.map { Self.values($0, error, typed) }, "hasPasskeys": !passkeys.isEmpty,
            "host": publicURL.host,
            "asksPassword": !isRecent && call.principal.hasPassword,
            "asksSignIn": !isRecent && !call.principal.hasPassword,
        ]
        let done = call.request.uri.queryParameters["done"].flatMap { Self.passkeyDone[String($0)] }
        values["notice"] = error == nil && codes.isEmpty ? done : nil
        values["newName"] = typed.flatMap { $0.passkey == nil ? $0.name : nil } ?? "Passkey"
        // What is wrong with another name of one that there is stands beside that one.
        if typed?.passkey == nil || error?.field != "name" { values.tell(error) }
        return try page(
            "passkeys", title: "Passkeys", values, for: call.principal, request: call.request,
            status: error?.code.status ?? .ok
        ).waiting(for: error)
    }

    private static let passkeyDone = [
        "added": "The passkey is ready: you can sign in with it.", "renamed": "The passkey has a new name.",
        "removed": "The passkey is no longer accepted here. Remove it from your device as well.",
    ]

    private static func values(_ passkey: Passkey, _ error: ChatError?, _ typed: TypedName?) -> [String: Any] {
        let isMeant = typed?.passkey == passkey.id
        return [
            "typed": isMeant ? typed?.name ?? "" : passkey.name,
            "nameError": isMeant && error?.field == "name" ? error?.message ?? "" : "",
            "id": passkey.id.rawValue, "name": passkey.name, "isBackedUp": passkey.isBackedUp,
            "createdAt": passkey.createdAt.iso8601, "shownCreated": passkey.createdAt.minute,
            "lastUsedAt": passkey.lastUsedAt?.iso8601 ?? "", "shownUsed": passkey.lastUsedAt?.minute ?? "",
            "wasUsed": passkey.lastUsedAt != nil,
        ]
    }

    private func showingRefusal(
        _ call: PageCall, _ form: Form, typed: TypedName? = nil, _ work: () async throws -> Response
    ) async throws -> Response {
        do {
            try checkOrigin(of: call.request, from: call.context.visitor, form)
            return try await work()
        } catch let error as ChatError where error.fitsBesideForm {
            return try await passkeysPage(call, error: error, typed: typed)
        }
    }

    /// What a question to a browser is bound to.
    /// - Throws: `form_stale`.
    func browser(of request: Request) throws(ChatError) -> Data {
        guard let browser = formBinding(of: request) else {
            throw ChatError(
                .formStale, "Your browser did not send the cookie of this page. Allow cookies, and try again.")
        }
        return browser
    }
}

/// A name that somebody typed for a passkey.
private struct TypedName {
    /// `nil` for a new one.
    let passkey: PasskeyID?
    let name: String
}

extension Response {
    /// JSON for a script of ours.
    init(question: Data) {
        self.init(
            status: .ok, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: question)))
    }
}
