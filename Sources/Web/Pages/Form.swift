import Foundation
import HTTPTypes
import Hummingbird
import Model
import NIOCore

extension ChatError {
    /// The page can be shown again, with what was typed: the server is well, and only this was refused.
    var fitsBesideForm: Bool { !isTemporary || code == .tooManyRequests || code == .tooBusy }
}

/// The fields of a form that a browser sent.
struct Form: Sendable {
    private let fields: [String: String]

    /// - Throws: `unsupported_media_type`, `body_too_large`, `bad_request`.
    init(_ request: Request, bytesMax: Int) async throws {
        let bytes = try await request.body.collect(upTo: bytesMax)
        let mediaType = request.headers[.contentType]?.prefix { $0 != ";" }.lowercased() ?? ""
        guard mediaType == "application/x-www-form-urlencoded" || bytes.readableBytes == 0 else {
            throw ChatError(.unsupportedMediaType, "Send a form: application/x-www-form-urlencoded.")
        }
        guard let text = String(validating: bytes.readableBytesView, as: UTF8.self) else {
            throw ChatError(.badRequest, "The form is not UTF-8.")
        }
        var fields: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(parts[0]), let value = Self.decoded(parts.count > 1 ? parts[1] : "") else {
                throw ChatError(.badRequest, "The form is not UTF-8.")
            }
            // The first of several counts, so that nothing can be slipped in behind a field.
            if fields[name] == nil { fields[name] = value }
        }
        self.fields = fields
    }

    /// The value of a field, empty where it is missing. Line breaks are as they were typed: `\n`.
    subscript(_ name: String) -> String {
        (fields[name] ?? "").replacing("\r\n", with: "\n")
    }

    /// - Returns: `nil` when the bytes behind the percent signs are not UTF-8.
    private static func decoded(_ text: Substring) -> String? {
        text.replacing("+", with: " ").removingPercentEncoding
    }
}
