import HTTPTypes
import Hummingbird
import Model

enum HealthEndpoints {
    static let all = [
        Endpoint(
            "health", .get, "/api/health/", "Whether the server can do its work", access: .everybody, body: nil,
            success: .ok, answer: .named("Health"), refusals: [],
            response: { call in
                let report = await call.site.health.report()
                return Response(status: report.isHealthy ? .ok : .serviceUnavailable, json: report)
            })
    ]
}
