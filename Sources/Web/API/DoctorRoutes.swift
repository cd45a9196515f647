import HTTPTypes
import Hummingbird
import Model
import Realtime

/// Tells `parley doctor` what arrived of its requests. For everybody else there is nothing at this address.
enum DoctorRoutes {
    static func add(to router: Router<WebContext>, _ site: Site) {
        for method in [HTTPRequest.Method.get, .post] {
            router.on("/api/doctor/", method: method) { request, context in
                try await report(request, context, site)
            }
        }
    }

    private static func report(_ request: Request, _ context: WebContext, _ site: Site) async throws -> Response {
        guard site.frontDoor.proof(for: request.headers[.doctorQuestion]) != nil else {
            throw ChatError(.routeNotFound, "There is nothing at this address.")
        }
        var report = DoorReport(
            context.visitor, channel: context.channel, target: request.head.path ?? "",
            hostHeader: request.head.authority, headers: request.headers.map { ($0.name.rawName, $0.value) },
            door: site.frontDoor, bodyBytesMax: site.settings.bodyBytesMax)
        for try await piece in request.body {
            report.bodyBytes += piece.readableBytes
            guard report.bodyBytes <= site.settings.bodyBytesMax else {
                throw ChatError(.bodyTooLarge, "The request's body is larger than this server takes.")
            }
        }
        return Response(status: .ok, json: report)
    }
}
