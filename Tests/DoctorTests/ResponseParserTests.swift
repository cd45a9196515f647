import Testing

@testable import Doctor

@Suite("A response as it stands")
struct ResponseParserTests {
    private func parse(_ text: String, isOver: Bool = false) throws -> (status: Int, body: String)? {
        var parser = ResponseParser()
        parser.append(text.utf8)
        guard let head = try parser.head(), let body = parser.body(head, isHead: false, isOver: isOver) else {
            return nil
        }
        return (head.status, String(decoding: body, as: UTF8.self))
    }

    @Test("keeps its headers in order, as they are spelled, and doubled ones twice")
    func headers() throws {
        var parser = ResponseParser()
        parser.append("HTTP/1.1 200 OK\r\nServer: a\r\nX-A:1\r\nx-a:  2\r\nEmpty:\r\n\r\n".utf8)
        let head = try #require(try parser.head())
        #expect(head.headers.map(\.name) == ["Server", "X-A", "x-a", "Empty"])
        #expect(head.headers.map(\.value) == ["a", "1", "2", ""])
    }

    @Test("ends by its length, its last chunk or its connection, whichever it says")
    func bodies() throws {
        #expect(try parse("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHello and more")?.body == "Hello")
        #expect(try parse("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHell") == nil)
        let chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHello\r\n1;x=y\r\n!\r\n0\r\n\r\n"
        #expect(try parse(chunks)?.body == "Hello!")
        #expect(try parse(String(chunks.dropLast(12))) == nil)
        #expect(try parse("HTTP/1.0 200 OK\r\n\r\nHello") == nil)
        #expect(try parse("HTTP/1.0 200 OK\r\n\r\nHello", isOver: true)?.body == "Hello")
        #expect(try parse("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n")?.body == "")
    }

    @Test("comes after interim ones")
    func interim() throws {
        let text = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"
        #expect(try parse(text)?.status == 204)
        #expect(try parse("HTTP/1.1 101 Switching Protocols\r\n\r\n")?.status == 101)
    }

    @Test(
        "harms nothing where its lengths are nonsense",
        arguments: [
            "Content-Length: -1\r\n\r\nx", "Content-Length: 99999999999999999999\r\n\r\nx",
            "Transfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nx", "Transfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n",
        ])
    func nonsense(rest: String) throws {
        #expect(try parse("HTTP/1.1 200 OK\r\n" + rest, isOver: true)?.status == 200)
        #expect(try parse("HTTP/1.1 200 OK\r\n" + rest) == nil)
    }

    @Test(
        "is refused where it is none", arguments: ["SSH-2.0-OpenSSH\r\n\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1\r\n\r\n"])
    func malformed(text: String) {
        #expect(throws: ProbeFault.self) { try parse(text) }
    }
}
