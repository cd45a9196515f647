import Foundation
import NIOCore
import NIOPosix
import Proxy
import Realtime

extension Examination {
    /// Whether all addresses of the name lead here: of most people only some use those of the newer kind.
    mutating func checkFamilies() async {
        guard report != nil, !isFrom, !given.isEmpty || IPAddress(probe.bareHost) == nil else { return }
        let addresses = given.isEmpty ? await HostAddresses.resolved(probe.bareHost) : given
        var reached: [String] = []
        for address in addresses {
            do throws(ProbeFault) {
                let answer = try await probe.at(address).ask("GET", "/api/doctor/")
                if answer.isProven || answer.header(DoctorHeader.proof) != nil {
                    reached.append(address)
                    checkSource(report(in: answer)?.address, over: address)
                } else {
                    let finding = Answerer(answer, probe.url, guess).finding("families")
                    addBroken(address, "\(finding.title.lowercased()): \(answer.summary)")
                }
            } catch {
                if HostAddresses.hasRoute(to: address) {
                    addBroken(address, error.sentence)
                } else {
                    add(.init("families", .untested, "The address \(address)", saw: "this machine has no way there"))
                }
            }
        }
        if !reached.isEmpty, reached.count == addresses.count {
            add(.init("families", .ok, "All addresses of the name lead here", saw: reached.joined(separator: ", ")))
        }
    }

    private mutating func addBroken(_ address: String, _ saw: String) {
        let isNew = address.contains(":")
        add(
            .init(
                "families", .failure, .familyBroken, "An address of the name does not lead here",
                saw: "\(address): \(saw)",
                why: "For whoever uses \(isNew ? "IPv6" : "IPv4") first the chat is slow or not there.",
                hop: guess.name,
                cure:
                    "\(Cure.family.text(for: guess)); or take the \(isNew ? "AAAA" : "A") record \(address) off the name"
            ))
    }

    /// Docker's own proxy shows IPv6 visitors to an IPv4 container as its gateway.
    private mutating func checkSource(_ believed: String?, over address: String) {
        guard address.contains(":"), let believed, let source = IPAddress(believed), !believed.contains(":"),
            source.isPrivate, findings.allSatisfy({ $0.check != "visitor" || $0.severity == .ok })
        else { return }
        add(
            .init(
                "visitor-v6", .failure, .addressHidden,
                "Whoever comes over IPv6 has the address of something in between",
                saw: "over \(address) you are \(believed)", why: "Limits and bans meet all of them at once.",
                hop: "Docker's proxy between the networks, or a proxy that makes the address up",
                cure: "let the proxy use the host's network, or give its Docker network IPv6 (enable_ipv6: true)"))
    }
}

/// What a name leads to, in the order that this system would try it.
private struct HostAddresses {
    var all: [String] = []

    /// Away from Swift's cooperative threads: a resolver that does not answer blocks for long.
    static func resolved(_ host: String) async -> [String] {
        (try? await NIOThreadPool.singleton.runIfActive { HostAddresses(of: host).all }) ?? []
    }

    private init(of host: String) {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return }
        defer { freeaddrinfo(list) }
        var next = list
        while let entry = next {
            var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let failure = getnameinfo(
                entry.pointee.ai_addr, entry.pointee.ai_addrlen, &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST)
            let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if failure == 0, !all.contains(text) { all.append(text) }
            next = entry.pointee.ai_next
        }
    }

    /// Whether this machine could reach it at all: a datagram socket finds a way without sending anything.
    static func hasRoute(to address: String) -> Bool {
        guard let place = try? SocketAddress(ipAddress: address, port: 9) else { return false }
        let family = place.protocol == .inet6 ? AF_INET6 : AF_INET
        let descriptor = socket(family, Int32(SOCK_DGRAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return place.withSockAddr { connect(descriptor, $0, socklen_t($1)) } == 0
    }
}
