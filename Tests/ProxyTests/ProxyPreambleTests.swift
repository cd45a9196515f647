import Proxy
import Testing

@Suite("The PROXY protocol")
struct ProxyPreambleTests {
    private static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10]

    @Test(
        "version 1 names the source",
        arguments: [
            ("PROXY TCP4 203.0.113.9 198.51.100.1 56324 443\r\n", "203.0.113.9"),
            ("PROXY TCP6 2001:db8::9 2001:db8::1 56324 443\r\n", "2001:db8::9"), ("PROXY UNKNOWN\r\n", nil),
            ("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n", nil),
        ] as [(String, String?)])
    func version1(line: String, source: String?) {
        let bytes = Array((line + "GET / HTTP/1.1\r\n").utf8)
        #expect(ProxyPreamble(bytes) == .present(source: source.flatMap { IPAddress($0) }, length: line.utf8.count))
        for count in 1..<line.utf8.count { #expect(ProxyPreamble(Array(bytes.prefix(count))) == .incomplete) }
    }

    @Test("version 2 names the source, in four bytes or sixteen, with notes behind it")
    func version2() {
        let v4: [UInt8] = [0x21, 0x11, 0, 15, 203, 0, 113, 9, 198, 51, 100, 1, 1, 2, 1, 187, 4, 0, 0]
        #expect(ProxyPreamble(Self.signature + v4 + [71]) == .present(source: IPAddress("203.0.113.9"), length: 31))
        let address: [UInt8] = [0x20, 1, 0x0D, 0xB8] + Array(repeating: 0, count: 11) + [9]
        let v6: [UInt8] = [0x21, 0x21, 0, 36] + address + address + [1, 2, 1, 187]
        #expect(ProxyPreamble(Self.signature + v6) == .present(source: IPAddress("2001:db8::9"), length: 52))
        #expect(ProxyPreamble(Self.signature + [0x20, 0, 0, 0]) == .present(source: nil, length: 16))
        for count in 1..<31 { #expect(ProxyPreamble(Array((Self.signature + v4).prefix(count))) == .incomplete) }
    }

    @Test(
        "what only begins like it is refused",
        arguments: [
            "PROXY \r\n", "PROXY TCP4\r\n", "PROXY TCP4 1.1.1.1 2.2.2.2 1\r\n",
            "PROXY TCP4 1.1.1.1 2.2.2.2 1 99999\r\n",
            "PROXY TCP4 ::1 ::1 1 2\r\n", "PROXY TCP4  1.1.1.1 2.2.2.2 1 2\r\n", "PROXY TCP4 1.1.1.1 2.2.2.2 1 2\n",
            "PROXY UNIX 1 2 3 4\r\n", "PROXY " + String(repeating: "x", count: 200),
        ])
    func malformed(text: String) {
        #expect(ProxyPreamble(Array(text.utf8)) == .malformed)
    }

    @Test(
        "version 2 is refused where it is another version, command or family, or too long, or too short for its address"
    )
    func malformedVersion2() {
        for rest: [UInt8] in [
            [0x11, 0x11, 0, 12], [0x22, 0x11, 0, 12], [0x21, 0x12, 0, 12], [0x21, 0x11, 0xFF, 0xFF],
            [0x21, 0x11, 0, 11],
            [0x21, 0x21, 0, 12],
        ] {
            #expect(ProxyPreamble(Self.signature + rest + Array(repeating: 0, count: 64)) == .malformed, "\(rest)")
        }
    }

    @Test(
        "anything else is none", arguments: ["GET / HTTP/1.1", "POST", "PUT", "PROXX", "\u{16}\u{3}\u{1}", "\r\nGET"])
    func absent(text: String) {
        #expect(ProxyPreamble(Array(text.utf8)) == .absent)
    }
}
