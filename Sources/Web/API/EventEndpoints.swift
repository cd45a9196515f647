import Foundation
import HTTPTypes
import Hummingbird
import Model
import NIOCore
import Realtime

/// The real-time protocol over HTTP, for clients whose proxy lets no WebSocket through (docs/protocol.md, "Without
/// WebSocket").
enum EventEndpoints {
    static let all: [Endpoint] = [
        Endpoint(
            "openEvents", .post, "/api/events/", "Open an event stream: the frames of a socket, over HTTP",
            access: .scope(.messagesRead),
            success: .created, answer: .fields(["stream": .anyString]), respond: open),
        Endpoint(
            "readEvents", .get, "/api/events/{stream}/",
            "The frames of an event stream after one: as they come (Accept: text/event-stream), or those that come first",
            access: .scope(.messagesRead),
            query: [
                .init(name: "after", summary: "The id of the frame that arrived last", schema: .integer(min: 0))
            ], body: nil, success: .ok,
            answer: .fields([
                "frames": .list(of: .fields(["id": .integer(min: 1), "frame": ["type": "object"]]))
            ]), refusals: [.streamNotFound], response: read),
        Endpoint(
            "sendFrame", .post, "/api/events/{stream}/", "Send one frame; its reply comes through the stream",
            access: .scope(.messagesRead), body: ["type": "object"], success: .accepted, answer: nil,
            refusals: [.streamNotFound],
            response: send),
        Endpoint(
            "closeEvents", .delete, "/api/events/{stream}/", "End an event stream", access: .scope(.messagesRead),
            refusals: [.streamNotFound],
            perform: { call in try call.site.events.close(call.path("stream"), by: call.principal) }),
    ]

    /// How long an event stream is silent at most, so that no proxy takes it for dead.
    private static let commentTime = TimeAmount.seconds(15)

    private struct OpenAnswer: Encodable, Sendable {
        let stream: String
    }

    @Sendable private static func open(_ call: APICall) async throws -> OpenAnswer {
        OpenAnswer(stream: try await call.site.events.open(for: call.principal, logger: call.context.logger))
    }

    @Sendable private static func send(_ call: APICall) async throws -> Response {
        let text = try await call.request.body.collect(upTo: call.site.settings.bodyBytesMax)
        guard text.withUnsafeReadableBytes({ String(validating: $0, as: UTF8.self) != nil }) else {
            throw ChatError(.invalidJSON, "The body is not UTF-8.")
        }
        try call.site.events.receive(text, on: call.path("stream"), by: call.principal)
        return Response(status: .accepted)
    }

    @Sendable private static func read(_ call: APICall) async throws -> Response {
        let seqs: ClosedRange<Int64> = 0...9_007_199_254_740_991
        let asked = try call.number("after", in: seqs)
        let (stream, principal) = (try call.path("stream"), try call.principal)
        guard call.request.headers[.accept]?.contains("text/event-stream") == true else {
            let wait = TimeAmount.seconds(call.site.settings.pollTime.count)
            let read = try await call.site.events.read(
                stream, by: principal, after: asked ?? 0, hasArrived: true, wait: wait)
            return answer("application/json; charset=utf-8", ResponseBody(byteBuffer: page(read)))
        }
        // What a browser sends of itself when it comes back is newer than the address it was given.
        let last = call.request.headers[.lastEventID].flatMap { Int64($0) } ?? asked ?? 0
        let events = call.site.events
        // Asked once before anything is answered, so that a stream that is not there is a plain 404.
        let first = try await events.read(stream, by: principal, after: last, hasArrived: true, wait: .zero)
        return answer(
            "text/event-stream; charset=utf-8",
            ResponseBody { writer in
                var (read, last) = (first, last)
                // First bytes at once, and enough of them for those on the way who wait for a buffer to fill.
                try await writer.write(
                    ByteBuffer(string: "retry: 1000\n:" + String(repeating: " ", count: 2048) + "\n\n"))
                while true {
                    try await writer.write(Self.events(read.frames))
                    if read.isOver { break }
                    last = read.frames.last?.id ?? last
                    // Written is not arrived: what is on its way is kept for a reader who comes back.
                    read = try await events.read(
                        stream, by: principal, after: last, hasArrived: false, wait: commentTime)
                }
                try await writer.finish(nil)
            })
    }

    /// Told to every proxy on the way: not to be kept, changed, or held back.
    private static func answer(_ contentType: String, _ body: ResponseBody) -> Response {
        var headers: HTTPFields = [.contentType: contentType, .cacheControl: "no-store, no-transform"]
        headers[.accelBuffering] = "no"
        return Response(status: .ok, headers: headers, body: body)
    }

    /// Server-sent events (HTML Standard, section 9.2); a comment where there are none. A frame has no line breaks.
    private static func events(_ frames: [StreamFrame]) -> ByteBuffer {
        guard !frames.isEmpty else { return ByteBuffer(string: ":\n\n") }
        var text = ByteBuffer()
        for frame in frames {
            text.writeString("id: \(frame.id)\ndata: ")
            text.writeImmutableBuffer(frame.json)
            text.writeString("\n\n")
        }
        return text
    }

    private static func page(_ read: StreamRead) -> ByteBuffer {
        var text = ByteBuffer(string: #"{"frames":["#)
        for (index, frame) in read.frames.enumerated() {
            text.writeString(#"\#(index == 0 ? "" : ","){"id":\#(frame.id),"frame":"#)
            text.writeImmutableBuffer(frame.json)
            text.writeString("}")
        }
        text.writeString("]}")
        return text
    }
}
