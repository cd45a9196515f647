import CCurl
import Proxy

/// One transfer, described: what libcurl is to be told of it. Names of options are libcurl's.
struct CurlTransfer: Sendable {
    let url: String
    /// The schemes that may be spoken, also after a redirect.
    let schemes: String
    let addresses: AddressPolicy
    var texts: [(option: CURLoption, value: String)] = []
    var numbers: [(option: CURLoption, value: Int)] = []
    var lists: [(option: CURLoption, values: [String])] = []
    /// What is sent as an upload (a mail), piece by piece.
    var upload: [UInt8]?
    /// What is posted.
    var post: [UInt8]?
    /// Most bytes of all headers or replies together.
    var headBytesMax = 64 * 1024
    var bodyBytesMax = 0
    /// A PEM file of authorities to trust instead of the system's.
    var authorities: String?
    /// Until there is a connection, TLS included.
    var connectTime = Duration.seconds(10)
    /// For everything together.
    var time = Duration.seconds(30)
}

/// What came of a transfer.
struct CurlOutcome: Sendable {
    /// What was more than the transfer had room for.
    enum Excess: Sendable {
        case head
        case body
    }

    var result = CURLE_OK
    /// libcurl's words about what went wrong; may be empty.
    var words = ""
    /// The last response's.
    var status = 0
    /// Headers of the last response, or all replies of a mail server: lines with CR LF.
    var head: [UInt8] = []
    var body: [UInt8] = []
    /// An address that was not connected to.
    var refused: IPAddress?
    var excess: Excess?
    /// Whether all of `upload` was taken.
    var isUploaded = false

    /// A head's lines, without their ends; what else counts as a line's end in a text is none here.
    static func lines(_ head: [UInt8]) -> [String] {
        head.split(separator: UInt8(ascii: "\n")).map { line in
            String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
        }
    }
}

/// libcurl could not even begin.
struct CurlFault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    init(_ code: CURLcode) { description = String(cString: curl_easy_strerror(code)) }
}
