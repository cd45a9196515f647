import Chat
import Hummingbird
import Model

extension Site {
    func showReports(_ call: PageCall) async throws -> Response {
        try await reportsPage(call)
    }

    func handleReport(_ call: PageCall, _ form: Form) async throws -> Response {
        do {
            return try await reportsPage(call, notice: try await closeReport(call, form))
        } catch let error as ChatError where error.fitsBesideForm {
            return try await reportsPage(call, error: error)
        }
    }

    private func reportsPage(
        _ call: PageCall, notice: String? = nil, error: ChatError? = nil
    ) async throws -> Response {
        let reports = try await chat.reports(limit: 200, for: call.principal)
        var values: [String: Any] = ["reports": reports.map(Self.values), "path": "admin"]
        values["notice"] = notice
        values["error"] = error?.message
        return try adminPage("reports", "Reports", values, call, status: error?.code.status ?? .ok)
    }
}
