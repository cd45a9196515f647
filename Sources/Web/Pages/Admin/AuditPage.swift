import Chat
import Foundation
import Hummingbird
import Model
import NIOCore

extension Site {
    private static let auditPage = 100

    func showAudit(_ call: PageCall) async throws -> Response {
        let before = call.request.uri.queryParameters["before"].flatMap { Int64($0) }
        let entries = try await chat.audit(before: before, limit: Self.auditPage + 1, for: call.principal)
        let shown = entries.prefix(Self.auditPage)
        var values: [String: Any] = [
            "entries": shown.map { entry in
                [
                    "at": entry.at.iso8601, "shownAt": entry.at.minute, "actor": entry.actor ?? "the command line",
                    "action": entry.action.rawValue, "target": entry.target, "details": entry.details,
                ]
            }
        ]
        if entries.count > shown.count { values["before"] = shown.last?.id }
        return try adminPage("audit", "Audit log", values, call)
    }

    /// All of it, one JSON object a line, the newest first.
    func exportAudit(_ call: PageCall) async throws -> Response {
        // Asked before anything is sent.
        _ = try await chat.audit(limit: 1, for: call.principal)
        let body = ResponseBody { [chat, principal = call.principal] writer in
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            var before: Int64?
            while true {
                let entries = try await chat.audit(before: before, limit: 500, for: principal)
                guard let last = entries.last else { break }
                for entry in entries {
                    try await writer.write(ByteBuffer(bytes: try encoder.encode(AuditLine(entry)) + [10]))
                }
                before = last.id
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/x-ndjson", .contentDisposition: "attachment; filename=\"audit.jsonl\"",
            ], body: body)
    }
}

/// An entry as JSON has it.
struct AuditLine: Encodable {
    let id: Int64
    let at: Timestamp
    let actor: String?
    let action: String
    let target: String
    let details: String

    init(_ entry: AuditEntry) {
        (id, at, actor) = (entry.id, entry.at, entry.actor)
        (action, target, details) = (entry.action.rawValue, entry.target, entry.details)
    }
}
