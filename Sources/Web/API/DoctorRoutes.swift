import HTTPTypes
import Hummingbird
import Model
import NIOCore
import Realtime

/// Tells `parley doctor` what arrived of its requests. For everybody else there is nothing at this address.
enum DoctorRoutes {
    static func add(to router: Router<WebContext>, _ site: Site) {
        for method in [HTTPRequest.Method.get, .post] {
            router.on("/api/doctor/", method: method) { request, context in
                try await report(request, context, site)
            }
        }
        router.get(RouterPath(DoctorStream.path)) { request, _ in
            try check(request, site)
            return stream()
        }
        router.get(RouterPath(DoctorPage.path)) { request, _ in
            try check(request, site)
            return Response(
                status: .ok,
                headers: [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store, no-transform"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: DoctorPage.text)))
        }
    }

    private static func check(_ request: Request, _ site: Site) throws {
        guard site.frontDoor.proof(for: request.headers[.doctorQuestion]) != nil else {
            throw ChatError(.routeNotFound, "There is nothing at this address.")
        }
    }

    /// An event stream as `EventEndpoints` has them, with a pause in it.
    private static func stream() -> Response {
        var headers: HTTPFields = [
            .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store, no-transform",
        ]
        headers[.accelBuffering] = "no"
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { writer in
                try await writer.write(
                    ByteBuffer(string: ":" + String(repeating: " ", count: 2048) + "\n\n" + DoctorStream.beginning))
                let end = ContinuousClock.now + DoctorStream.pause
                while ContinuousClock.now < end {
                    // Fails where nobody waits any more.
                    try await Task.sleep(for: .milliseconds(50))
                    try await writer.write(ByteBuffer(string: ":\n"))
                }
                try await writer.write(ByteBuffer(string: DoctorStream.end))
                try await writer.finish(nil)
            })
    }

    private static func report(_ request: Request, _ context: WebContext, _ site: Site) async throws -> Response {
        try check(request, site)
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
