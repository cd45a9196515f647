import Foundation
import NIOCore
import Realtime

/// When the beginning of an answer came that the server goes on with only after a while.
enum StreamArrival: Sendable {
    /// While the rest was still held back by the server: nobody on the way gathers.
    case atOnce
    /// With the rest.
    case together
    /// Something changed the text.
    case altered(Answer)
    /// It was not the server's answer.
    case none
}

extension Probe {
    func beginningOfStream() async throws(ProbeFault) -> StreamArrival {
        let nonce = UUID().uuidString
        let accepts = [("Accept", "text/event-stream"), ("Accept-Encoding", "gzip")]
        let request = request("GET", DoctorStream.path, accepts, nonce: nonce)
        do {
            return try await withTimeout {
                let line = try await open(asPublic: true, verifies: false)
                return try await line.executeThenClose { inbound, outbound in
                    try await outbound.write(ByteBuffer(bytes: request))
                    var parser = ResponseParser()
                    for try await piece in inbound {
                        parser.append(piece.readableBytesView)
                        guard let head = try parser.head() else { continue }
                        guard head.value(DoctorHeader.proof).map({ key.accepts($0, for: nonce) }) ?? false,
                            head.status == 200
                        else { return .none }
                        guard head.value("content-encoding") == nil else {
                            return .altered(
                                Answer(
                                    status: head.status, headers: head.headers, body: [], isProven: true,
                                    localPort: nil))
                        }
                        let text = String(decoding: parser.bytes[head.length...], as: UTF8.self)
                        if text.contains(DoctorStream.end) { return .together }
                        if text.contains(DoctorStream.beginning) { return .atOnce }
                    }
                    return .none
                }
            }
        } catch let fault as ProbeFault {
            throw fault
        } catch {
            throw Line.fault(error)
        }
    }
}
