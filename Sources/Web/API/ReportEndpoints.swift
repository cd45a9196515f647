import Chat
import Hummingbird
import Model

enum ReportEndpoints {
    static func all(_ limits: Limits) -> [Endpoint] {
        [
            Endpoint(
                "listReports", .get, "/api/reports/", "Reported messages that I may handle, the newest first",
                access: .scope(.roomsModerate),
                query: [
                    .init(name: "state", summary: "open where not given", schema: Schemas.reportState),
                    .init(name: "before", summary: "Only those with smaller numbers", schema: .integer(min: 1)),
                    .init(
                        name: "limit", summary: "How many at most; 50 where not given",
                        schema: .integer(min: 1, max: 200)),
                ], answer: .fields(["reports": .list(of: .named("Report"))]), respond: list),
            Endpoint(
                "resolveReport", .post, "/api/reports/{id}/resolve/",
                "Close a report because something was done; with removeMessage, that is done too",
                access: .scope(.roomsModerate),
                body: .fields(["removeMessage": .boolean], optional: ["removeMessage"]), refusals: [.reportNotFound],
                perform: { call in
                    let body = try await call.body(Resolution.self)
                    try await call.site.chat.resolveReport(
                        id(call), removingMessage: body.removeMessage ?? false, by: call.principal)
                }),
            Endpoint(
                "dismissReport", .post, "/api/reports/{id}/dismiss/", "Close a report because nothing has to be done",
                access: .scope(.roomsModerate),
                refusals: [.reportNotFound],
                perform: { call in try await call.site.chat.dismissReport(id(call), by: call.principal) }),
        ]
    }

    private struct Resolution: Decodable {
        let removeMessage: Bool?
    }

    private struct ReportsAnswer: Encodable, Sendable {
        let reports: [Report]
    }

    /// What is no number is a report that is not there.
    private static func id(_ call: APICall) throws -> ReportID {
        ReportID(rawValue: Int64(try call.path("id")) ?? 0)
    }

    @Sendable private static func list(_ call: APICall) async throws -> ReportsAnswer {
        let text = call.query("state") ?? ""
        guard let state = text.isEmpty ? .open : Report.State(rawValue: text) else {
            throw ChatError(.invalidField, "state is open, resolved or dismissed.", field: "state")
        }
        let before = try call.number("before", in: 1...9_007_199_254_740_991)
        let limit = try call.number("limit", in: 1...200) ?? 50
        return ReportsAnswer(
            reports: try await call.site.chat.reports(state, before: before, limit: Int(limit), for: call.principal))
    }
}
