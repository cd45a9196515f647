import Proxy
import Realtime

extension Examination {
    /// Whether requests arrive whole: path, query, credentials, long headers, bodies of unknown length.
    mutating func checkRequests() async {
        guard report != nil else { return }
        await checkQuery()
        await checkCredentials()
        await checkMethods()
        await checkLongHeader()
        await checkChunks()
    }

    private mutating func checkQuery() async {
        let query = "?of=a%20b&and=c"
        guard let seen = await see(path: "/api/doctor/" + query) else {
            return add(.init("query", .untested, "Queries", saw: "no answer"))
        }
        let isWhole = seen.target.hasSuffix("/api/doctor/" + query)
        guard !isWhole else { return add(.init("query", .ok, "Path and query arrive", saw: seen.target)) }
        add(
            .init(
                "query", .failure, .queryLost, "The query is lost or changed",
                saw: "\(query) arrives as \(seen.target)", why: "Tickets for sockets and search are in it.",
                hop: guess.name, cure: Cure.query.text(for: guess)))
    }

    private mutating func checkCredentials() async {
        guard let seen = await see([("Authorization", "Bearer parley-doctor")]) else {
            return add(.init("authorization", .untested, "Authorization", saw: "no answer"))
        }
        if values("authorization", in: seen).isEmpty {
            add(
                .init(
                    "authorization", .failure, .authorizationLost, "Authorization does not arrive", saw: "none",
                    why: "Apps cannot sign in.", hop: guess.name, cure: Cure.authorization.text(for: guess)))
        } else {
            add(.init("authorization", .ok, "Authorization arrives", saw: "as it was sent"))
        }
    }

    /// Whether the server itself answers to all methods, whatever it says.
    private mutating func checkMethods() async {
        var other: [String] = []
        for method in ["HEAD", "OPTIONS"] {
            guard let answer = try? await probe.ask(method, "/api/doctor/"), !answer.isProven else { continue }
            if answer.header(DoctorHeader.proof) == nil { other.append("\(method): \(answer.summary)") }
        }
        guard !other.isEmpty else { return add(.init("methods", .ok, "HEAD and OPTIONS arrive", saw: "both")) }
        add(
            .init(
                "methods", .warning, .authorizationLost, "Something else answers to some methods",
                saw: other.joined(separator: "; "), why: "Programs that ask first are told something wrong.",
                hop: guess.name, cure: Cure.authorization.text(for: guess)))
    }

    private mutating func checkLongHeader() async {
        let long = [("Cookie", "parley-doctor=" + String(repeating: "x", count: 4000))]
        guard let answer = try? await probe.ask("GET", "/api/doctor/", long) else {
            return add(.init("long-header", .untested, "Long headers", saw: "no answer"))
        }
        if answer.isProven || answer.header(DoctorHeader.proof) != nil {
            return add(.init("long-header", .ok, "Long headers arrive", saw: "a cookie of 4,000 bytes"))
        }
        add(
            .init(
                "long-header", .failure, .headersTooLarge, "Long headers are refused",
                saw: "\(answer.summary) to a cookie of 4,000 bytes",
                why: "Whoever has many cookies for this name cannot get in.", hop: guess.name,
                cure: Cure.headerLimit.text(for: guess)))
    }

    private mutating func checkChunks() async {
        let body = "7\r\nparley-\r\n6\r\ndoctor\r\n0\r\n\r\n"
        let headers = [("Transfer-Encoding", "chunked"), ("Content-Type", "application/octet-stream")]
        guard let answer = try? await probe.ask("POST", "/api/doctor/", headers, body: Array(body.utf8)) else {
            return add(.init("chunks", .untested, "Bodies of unknown length", saw: "no answer"))
        }
        let count = report(in: answer)?.bodyBytes
        if answer.isProven, count == 13 {
            return add(.init("chunks", .ok, "Bodies of unknown length arrive", saw: "13 bytes"))
        }
        add(
            .init(
                "chunks", .failure, .chunksLost, "Bodies of unknown length do not arrive",
                saw: "\(answer.summary)\(count.map { ", with \($0) bytes of 13" } ?? "")",
                why: "Some programs send files so.", hop: guess.name, cure: Cure.chunks.text(for: guess)))
    }
}
