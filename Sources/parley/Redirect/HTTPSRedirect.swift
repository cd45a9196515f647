import HTTPTypes
import Hummingbird
import Model
import NIOCore
import Proxy
import Web

/// What plain HTTP is answered with where TLS is spoken elsewhere: go there. The exceptions are what an authority asks for
/// before it gives a certificate, whether the server is well, and programs: one that is sent on goes on sending its token
/// in the clear, and nobody sees it (ASVS 5.0, V4.1.2).
struct HTTPSRedirect<Site: HTTPResponder>: HTTPResponder where Site.Context == WebContext {
    let publicURL: PublicURL
    /// `nil`: these are sent on, too.
    let challenges: ACMEChallenges?
    /// The server's own pages.
    let site: Site

    func respond(to request: Request, context: WebContext) async throws -> Response {
        let target = request.head.path ?? "/"
        let path = target.prefix { $0 != "?" }
        if path == "/api/health" || path.hasPrefix("/api/health/") {
            return try await site.respond(to: request, context: context)
        }
        if let challenges, let name = ACMEChallenges.name(in: path) {
            let file = await challenges.file(name)
            let body = file ?? ByteBuffer(string: "There is no such file.\n")
            return Self.answer(file == nil ? .notFound : .ok, body, to: request)
        }
        let address = publicURL.link(target)
        guard !Self.isForPrograms(path), !Self.isForPrograms(path.dropFirst(publicURL.path.count)) else {
            return Response(problem: ChatError(.tlsRequired, "Programs ask for \(publicURL) over https only."))
        }
        var response = Self.answer(.permanentRedirect, ByteBuffer(string: "This is at \(address) now.\n"), to: request)
        response.headers[.location] = address
        return response
    }

    private static func isForPrograms(_ path: Substring) -> Bool {
        path.hasPrefix("/api/") || path.hasPrefix("/hooks/")
    }

    private static func answer(_ status: HTTPResponse.Status, _ body: ByteBuffer, to request: Request) -> Response {
        let response = Response(
            status: status,
            headers: [
                .contentType: "text/plain; charset=utf-8", .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
            ],
            body: ResponseBody(byteBuffer: body))
        // A body behind the answer to HEAD would be read as the next answer.
        return request.method == .head ? response.createHeadResponse() : response
    }
}
