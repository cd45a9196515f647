import Foundation
import NIOCore
import NIOSSL
package import Proxy
import Realtime
import Synchronization

/// Asks the deployment from outside, and shows what came back.
package struct Probe: Sendable {
    package let url: PublicURL
    let key: DoctorKey
    private let roots: NIOSSLTrustRoots
    private let source: String?
    /// Where plain http is answered.
    let httpPort: Int
    /// Connected to in place of what the public URL's name leads to; the name that is asked for stays.
    private var place: (host: String, port: Int?)?
    /// What every answer may take.
    static let patience = Duration.seconds(10)

    /// - Parameters:
    ///   - authorities: a PEM file of roots to trust instead of the system's.
    ///   - source: the address of this machine to connect from; the system's choice where not given.
    ///   - httpPort: where plain http is answered.
    package init(
        url: PublicURL, key: DoctorKey, authorities: String? = nil, source: String? = nil, httpPort: Int = 80
    ) {
        self.source = source
        self.httpPort = httpPort
        self.url = url
        self.key = key
        roots = authorities.map { .file($0) } ?? .default
    }

    /// The same, but connected to an address of one's choice.
    ///
    /// - Parameter port: the public URL's where not given.
    func at(_ host: String, port: Int? = nil) -> Probe {
        var probe = self
        probe.place = (host, port)
        return probe
    }

    /// - Parameters:
    ///   - path: behind the public URL's own.
    ///   - body: is sent at once.
    ///   - later: what more there is of the body, each piece after a `pause`; the headers say how long it is.
    ///   - asPublic: over the public URL's scheme and port; else plain http.
    ///   - verifies: whether the certificate has to be right.
    func ask(
        _ method: String = "GET", _ path: String, _ headers: [(String, String)] = [], body: [UInt8] = [],
        later: [[UInt8]] = [], pause: Duration = .zero, asPublic: Bool = true, verifies: Bool = false
    ) async throws(ProbeFault) -> Answer {
        let nonce = UUID().uuidString
        let request = request(method, path, headers, nonce: nonce, body: body, asks: asPublic)
        do {
            return try await withTimeout(Self.patience + pause * later.count) {
                let line = try await open(asPublic: asPublic, verifies: verifies)
                // Forgotten when the other side closes.
                let localPort = line.channel.localAddress?.port
                return try await line.executeThenClose { inbound, outbound in
                    let writing = Task {
                        // A proxy that refuses a body may close before it has all of it.
                        try? await outbound.write(ByteBuffer(bytes: request))
                        for piece in later {
                            try await Task.sleep(for: pause)
                            try await outbound.write(ByteBuffer(bytes: piece))
                        }
                    }
                    defer { writing.cancel() }
                    var parser = ResponseParser()
                    do {
                        for try await piece in inbound {
                            parser.append(piece.readableBytesView)
                            if let answer = try answer(&parser, localPort, nonce, method, isOver: false) {
                                return answer
                            }
                        }
                    } catch let error where !(error is ProbeFault) && !parser.bytes.isEmpty {
                        // Reset after the answer.
                    }
                    guard let answer = try answer(&parser, localPort, nonce, method, isOver: true) else {
                        throw ProbeFault.cut
                    }
                    return answer
                }
            }
        } catch let fault as ProbeFault {
            throw fault
        } catch {
            throw Line.fault(error)
        }
    }

    /// The certificates as they are served, whether or not they are right.
    func certificates() async throws(ProbeFault) -> [NIOSSLCertificate] {
        let box = SeenCertificates()
        do {
            try await withTimeout {
                let line = try await Line.open(
                    host: bareHost, at: place?.host, port: place?.port ?? url.port, from: source, isSecure: true,
                    trust: .any { box.set($0) }, timeout: .seconds(10))
                try await line.executeThenClose { inbound, outbound in
                    try await outbound.write(
                        ByteBuffer(string: "HEAD / HTTP/1.1\r\nHost: \(url.host)\r\nConnection: close\r\n\r\n"))
                    for try await _ in inbound { break }
                }
            }
        } catch let fault as ProbeFault {
            if box.all.isEmpty { throw fault }
        } catch {
            if box.all.isEmpty { throw Line.fault(error) }
        }
        return box.all
    }

    // MARK: Parts

    func open(asPublic: Bool, verifies: Bool) async throws -> Line.Bytes {
        try await Line.open(
            host: bareHost, at: place?.host, port: asPublic ? place?.port ?? url.port : httpPort, from: source,
            isSecure: asPublic && url.isSecure, trust: verifies ? .known(roots: roots) : .any { _ in },
            timeout: .seconds(10))
    }

    var bareHost: String { url.host.trimmingCharacters(in: ["[", "]"]) }

    func request(
        _ method: String, _ path: String, _ headers: [(String, String)], nonce: String, body: [UInt8] = [],
        connection: String? = "close", asks: Bool = true
    ) -> [UInt8] {
        let authority = url.origin.split(separator: "/").last.map { String($0) } ?? url.host
        var all = [("Host", authority), ("User-Agent", "parley-doctor")]
        // Not where everybody on the way could read it, and ask it again.
        if asks { all.append((DoctorHeader.question, key.question(nonce))) }
        if let connection { all.append(("Connection", connection)) }
        let isChunked = headers.contains { $0.0.lowercased() == "transfer-encoding" }
        if !isChunked, !body.isEmpty || method == "POST" { all.append(("Content-Length", "\(body.count)")) }
        all = all.filter { own in !headers.contains { $0.0.lowercased() == own.0.lowercased() } } + headers
        let head = ["\(method) \(url.path)\(path) HTTP/1.1"] + all.map { "\($0.0): \($0.1)" }
        return Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
    }

    func answer(
        _ parser: inout ResponseParser, _ localPort: Int?, _ nonce: String, _ method: String, isOver: Bool
    ) throws(ProbeFault) -> Answer? {
        guard let head = try parser.head(),
            let body = parser.body(head, isHead: method == "HEAD", isOver: isOver)
        else { return nil }
        return Answer(
            status: head.status, headers: head.headers, body: body,
            isProven: head.value(DoctorHeader.proof).map { key.accepts($0, for: nonce) } ?? false,
            localPort: localPort)
    }

    func withTimeout<Value: Sendable>(
        _ patience: Duration = Probe.patience, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: patience)
                throw ProbeFault.timeout
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw ProbeFault.timeout }
            return value
        }
    }
}

/// What a TLS handshake showed.
private final class SeenCertificates: Sendable {
    private let state = Mutex<[NIOSSLCertificate]>([])

    var all: [NIOSSLCertificate] { state.withLock { $0 } }

    func set(_ certificates: [NIOSSLCertificate]) {
        state.withLock { $0 = certificates }
    }
}
