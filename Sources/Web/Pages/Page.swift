import Auth
import Foundation
import HTTPTypes
import Hummingbird
import Model
import NIOCore
import Proxy

extension Site {
    /// A page from a template, with what every page has.
    ///
    /// A visitor who has no cookie yet gets one, for the token in the page's forms to belong to.
    func page(
        _ template: String, title: String, _ values: [String: Any] = [:], for principal: Principal? = nil,
        request: Request, status: HTTPResponse.Status = .ok
    ) throws -> Response {
        var values = values
        var visitor: String?
        let binding: Data
        if let known = formBinding(of: request) {
            binding = known
        } else {
            let token = OpaqueToken()
            visitor = token.text
            binding = token.hash
        }
        values["csrf"] = formTokens.token(for: binding)
        var response = try render(template, title: title, values, for: principal, status: status)
        if let visitor { response.headers[values: .setCookie].append(cookies.header(cookies.visitor, visitor)) }
        return response
    }

    /// A page that says what went wrong. It has no forms.
    func errorPage(_ error: ChatError) -> Response {
        let heading =
            switch error.code.status.code {
            case 404: "Nothing here"
            case 401, 403: "Not for you"
            case 503: "One moment"
            default: error.code == .internal ? "Something went wrong" : "That did not work"
            }
        let values: [String: Any] = [
            "status": error.code.status.code, "heading": heading, "explanation": error.message, "csrf": "",
        ]
        let page = try? render("error", title: heading, values, for: nil, status: error.code.status)
        return page ?? Response(problem: error)
    }

    private func render(
        _ template: String, title: String, _ values: [String: Any], for principal: Principal?,
        status: HTTPResponse.Status
    ) throws -> Response {
        var values = values
        values["title"] = title
        values["appName"] = "Parley"
        values["lang"] = Viewer.current.language.rawValue
        values["timeZone"] = Viewer.current.timeZone?.identifier
        values["base"] = publicURL.path
        values["assets"] = publicURL.path + assets.basePath()
        if let principal { values["user"] = PageValues.user(principal) }
        let html = try templates.render(template, values)
        return Response(
            status: status, headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }

    /// To another page of ours, to be fetched with GET.
    func redirect(to path: String) -> Response {
        Response(status: .seeOther, headers: [.location: publicURL.path + path])
    }

    /// The place to go to after signing in: a path on this site and nothing else.
    static func safeNext(_ text: String?) -> String? {
        text.flatMap { LocalPath($0)?.text }
    }
}
