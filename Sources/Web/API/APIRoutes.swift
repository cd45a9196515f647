import Chat
import HTTPTypes
import Hummingbird
import Model
import Proxy

/// The JSON API: all endpoints, and the router's side of them.
enum APIRoutes {
    static func all(_ limits: Limits) -> [Endpoint] {
        HealthEndpoints.all + AuthEndpoints.all(limits) + RoomEndpoints.all(limits) + MessageEndpoints.all(limits)
            + PeopleEndpoints.all(limits)
    }

    /// Adds every endpoint, and for each path a 405 for the methods that it has not.
    static func add(to router: Router<WebContext>, _ site: Site, _ version: String) {
        let endpoints = all(site.chat.limits)
        for (path, endpoints) in Dictionary(grouping: endpoints, by: \.path) {
            for endpoint in endpoints {
                router.on(RouterPath(path), method: endpoint.method) { request, context in
                    try await respond(to: request, context, endpoint, site)
                }
            }
            let allowed = endpoints.map(\.method)
            for method in Self.methods where !allowed.contains(method) {
                router.on(RouterPath(path), method: method) { _, _ in refuseMethod(allowed) }
            }
        }
        let document = OpenAPIDocument(endpoints: endpoints, limits: site.chat.limits, version: version).document
        router.get("/api/openapi.json") { _, _ in Response(status: .ok, json: document) }
    }

    private static let methods: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options, .trace]

    private static func respond(
        to request: Request, _ context: WebContext, _ endpoint: Endpoint, _ site: Site
    ) async throws -> Response {
        let caller = endpoint.isPublic ? nil : try await site.caller(of: request)
        if let caller, caller.byCookie, endpoint.changesSomething {
            guard site.verdict(on: request, token: request.headers[.csrfToken]) == .ours else {
                throw ChatError(.csrfFailed, "This request did not come from a page of this server.")
            }
        }
        return try await endpoint.respond(
            APICall(site: site, request: request, context: context, caller: caller))
    }

    private static func refuseMethod(_ allowed: [HTTPRequest.Method]) -> Response {
        let names = allowed.map(\.rawValue).sorted().joined(separator: ", ")
        var response = Response(problem: ChatError(.methodNotAllowed, "This address answers \(names)."))
        response.headers[.allow] = names
        return response
    }
}
