/// Reads one HTTP/1.1 response as it stands (RFC 9112). Made for looking at what proxies send: headers keep their order,
/// their spelling and their repetitions.
struct ResponseParser {
    private(set) var bytes: [UInt8] = []
    private static let headMax = 65_536
    private static let bodyMax = 4_194_304

    struct Head {
        let status: Int
        let headers: [(name: String, value: String)]
        /// Where the body begins.
        let length: Int

        func value(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name }?.value
        }
    }

    mutating func append(_ more: some Sequence<UInt8>) {
        bytes += more
    }

    /// `nil` as long as it is not whole. A 1xx other than 101 is passed over.
    mutating func head() throws(ProbeFault) -> Head? {
        while true {
            guard let end = Self.end(of: bytes) else {
                guard bytes.count < Self.headMax else { throw .malformed("a head without an end") }
                return nil
            }
            let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
            guard let first = lines.first, first.hasPrefix("HTTP/1."),
                let status = first.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
            else { throw .malformed(String(decoding: bytes.prefix(60), as: UTF8.self)) }
            if (100..<200).contains(status), status != 101 {
                bytes.removeFirst(end)
                continue
            }
            let headers = lines.dropFirst().map { line -> (name: String, value: String) in
                let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                let value = parts.count == 2 ? parts[1].drop { $0 == " " || $0 == "\t" } : ""
                return (String(parts[0]), String(value))
            }
            return Head(status: status, headers: headers, length: end)
        }
    }

    /// The body; `nil` as long as it is not whole.
    /// - Parameter isOver: nothing more comes.
    func body(_ head: Head, isHead: Bool, isOver: Bool) -> [UInt8]? {
        let rest = Array(bytes[head.length...])
        if isHead || head.status == 101 || head.status == 204 || head.status == 304 { return [] }
        if head.value("transfer-encoding")?.lowercased().contains("chunked") == true {
            return Self.unchunked(rest) ?? (isOver || rest.count > Self.bodyMax ? rest : nil)
        }
        if let length = head.value("content-length").flatMap({ Int($0) }), length >= 0 {
            return rest.count >= min(length, Self.bodyMax) || isOver ? Array(rest.prefix(length)) : nil
        }
        return isOver || rest.count > Self.bodyMax ? rest : nil
    }

    private static func end(of bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        for index in 3..<bytes.count where bytes[index] == 10 {
            if bytes[index - 1] == 13, bytes[index - 2] == 10, bytes[index - 3] == 13 { return index + 1 }
        }
        return nil
    }

    private static func unchunked(_ bytes: [UInt8]) -> [UInt8]? {
        var rest = bytes[...]
        var body: [UInt8] = []
        while let end = rest.firstIndex(of: 10) {
            let line = String(decoding: rest[..<end], as: UTF8.self).prefix { $0.isHexDigit }
            guard let count = Int(line, radix: 16), (0...bodyMax).contains(count) else { return nil }
            rest = rest[(end + 1)...]
            if count == 0 { return body }
            guard rest.count >= count + 2 else { return nil }
            body += rest.prefix(count)
            rest = rest.dropFirst(count + 2)
        }
        return nil
    }
}
