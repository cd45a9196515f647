import Auth
import Chat
import Hummingbird
import Model
import Proxy
import QRCode

/// Turning the second factor on and off.
extension Site {
    func addTwoFactorPages(to router: Router<WebContext>) {
        page(router, .get, "/profile/two-factor", isSettingUp: true) { call in try await twoFactorPage(call) }
        form(router, "/profile/two-factor", isSettingUp: true, turnOn)
        form(router, "/profile/two-factor/codes", renewCodes)
        form(router, "/profile/two-factor/off", turnOff)
    }

    private func turnOn(_ call: PageCall, _ form: Form) async throws -> Response {
        do {
            try checkOrigin(of: call.request, from: call.context.visitor, form)
            try await checkOwnPassword(form["password"], call)
            let codes = try await authenticator.twoFactor.turnOn(
                form["enrolment"], code: form["code"], for: call.principal.user)
            return try await twoFactorPage(call, codes: codes)
        } catch let error as ChatError where error.fitsBesideForm {
            return try await twoFactorPage(call, enrolment: form["enrolment"], error: error)
        }
    }

    private func renewCodes(_ call: PageCall, _ form: Form) async throws -> Response {
        do {
            try checkOrigin(of: call.request, from: call.context.visitor, form)
            let codes = try await authenticator.twoFactor.renewRecoveryCodes(
                code: form["code"], of: try await user(of: call), from: client(of: call.request, call.context))
            return try await twoFactorPage(call, codes: codes)
        } catch let error as ChatError where error.fitsBesideForm {
            return try await twoFactorPage(call, error: error)
        }
    }

    private func turnOff(_ call: PageCall, _ form: Form) async throws -> Response {
        do {
            try checkOrigin(of: call.request, from: call.context.visitor, form)
            try await checkOwnPassword(form["password"], call)
            try await authenticator.twoFactor.turnOff(
                code: form["code"], of: try await user(of: call), by: call.principal,
                from: client(of: call.request, call.context))
            chat.tell(.secondFactorOff, call.principal.user)
            return redirect(to: "/profile/?done=two-factor-off")
        } catch let error as ChatError where error.fitsBesideForm {
            return try await twoFactorPage(call, error: error)
        }
    }

    private func user(of call: PageCall) async throws -> User {
        try await authenticator.pendingUser(call.principal.user)
    }

    /// - Throws: `invalid_field` with the field `password`, `too_many_requests`.
    private func checkOwnPassword(_ password: String, _ call: PageCall) async throws {
        try await authenticator.confirm(
            password, of: call.principal, field: "password", from: client(of: call.request, call.context))
    }

    /// - Parameters:
    ///   - enrolment: of the form that was refused, so that what was scanned goes on being right.
    ///   - codes: recovery codes to show, once.
    private func twoFactorPage(
        _ call: PageCall, enrolment sealed: String? = nil, codes: [String] = [], error: ChatError? = nil
    ) async throws -> Response {
        let (twoFactor, user) = (authenticator.twoFactor, call.principal.user)
        var values: [String: Any] = [
            "codes": codes, "hasCodes": !codes.isEmpty, "passkeys": authenticator.passkeys.arePossible,
        ]
        let kinds = try await twoFactor.kinds(of: user)
        values["isRequired"] = authenticator.factorPolicy.asks(call.principal.role)
        values["isMissing"] = authenticator.factorPolicy.asks(call.principal.role) && kinds.isEmpty
        if kinds.contains(.codes) {
            values["isOn"] = true
            values["codesLeft"] = try await twoFactor.recoveryCodesLeft(of: user)
        } else {
            let known = try? sealed.map { sealed throws(ChatError) in try twoFactor.enrolment(sealed, of: user) }
            let enrolment = known ?? twoFactor.enrol(user)
            let issuer = publicURL.host
            let code = try QRCode(enrolment.totp.keyURI(issuer: issuer, account: call.principal.username))
            values["enrolment"] = enrolment.sealed
            values["secret"] = enrolment.totp.secretForTyping
            values["path"] = code.svgPath
            values["side"] = code.svgSide
        }
        values.tell(error)
        return try page(
            "two-factor", title: "Second factor", values, for: call.principal, request: call.request,
            status: error?.code.status ?? .ok
        ).waiting(for: error)
    }
}
