import Chat
import HTTPTypes
import Hummingbird
import Model
import Proxy

/// The JSON API: all endpoints, and the router's side of them.
enum APIRoutes {
    static func all(_ limits: Limits) -> [Endpoint] {
        HealthEndpoints.all + AuthEndpoints.all(limits) + EmailEndpoints.all(limits) + RoomEndpoints.all(limits)
            + MessageEndpoints.all(limits) + EventEndpoints.all + PeopleEndpoints.all(limits)
            + ModerationEndpoints.all(limits) + ReportEndpoints.all(limits) + ProfileEndpoints.all(limits)
            + TokenEndpoints.all(limits) + HookEndpoints.all(limits) + PersonEndpoints.all(limits)
    }

    static func add(to router: Router<WebContext>, _ site: Site, _ version: String) {
        let endpoints = all(site.chat.limits)
        for endpoint in endpoints {
            router.on(RouterPath(endpoint.path), method: endpoint.method) { request, context in
                try await respond(to: request, context, endpoint, site)
            }
        }
        let document = OpenAPIDocument(endpoints: endpoints, limits: site.chat.limits, version: version).document
        router.get("/api/openapi.json") { _, _ in Response(status: .ok, json: document) }
    }

    /// The methods that an address of the API answers; empty where there is no such address.
    static func methods(at path: String, _ limits: Limits) -> [HTTPRequest.Method] {
        let parts = path.split(separator: "/")
        return all(limits).filter { endpoint in
            let pattern = endpoint.path.split(separator: "/")
            return pattern.count == parts.count && zip(pattern, parts).allSatisfy { $0 == $1 || $0.hasPrefix("{") }
        }.map(\.method)
    }

    private static func respond(
        to request: Request, _ context: WebContext, _ endpoint: Endpoint, _ site: Site
    ) async throws -> Response {
        let caller =
            endpoint.isPublic
            ? nil : try await site.caller(of: request, context, isSettingUp: endpoint.isForSettingUp)
        try caller?.principal.require(endpoint.access)
        if let caller, caller.byCookie, endpoint.changesSomething {
            guard site.verdict(on: request, from: context.visitor, token: request.headers[.csrfToken]) == .ours else {
                throw ChatError(.csrfFailed, "This request did not come from a page of this server.")
            }
        }
        if !endpoint.path.hasPrefix("/api/auth/") { try caller?.principal.requireVerified() }
        return try await endpoint.respond(
            APICall(site: site, request: request, context: context, caller: caller))
    }
}
