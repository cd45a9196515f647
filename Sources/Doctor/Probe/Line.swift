import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Proxy

/// One connection to the outside of the deployment: bytes out, bytes in.
struct Line {
    typealias Bytes = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// How a certificate is looked at.
    enum Trust: Sendable {
        /// As a phone does: it has to lead to a root that is known, and nothing missing is fetched.
        case known(roots: NIOSSLTrustRoots)
        /// Whatever it is; it is kept.
        case any(@Sendable ([NIOSSLCertificate]) -> Void)
    }

    /// - Parameters:
    ///   - host: the name that is asked for.
    ///   - place: connected to instead of what the name leads to.
    /// - Throws: `ProbeFault`.
    static func open(
        host: String, at place: String? = nil, port: Int, from source: String? = nil, isSecure: Bool, trust: Trust,
        timeout: TimeAmount
    ) async throws -> Bytes {
        do {
            var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connectTimeout(timeout)
            if let source { bootstrap = bootstrap.bind(to: try SocketAddress(ipAddress: source, port: 0)) }
            return
                try await bootstrap
                .connect(host: place ?? host, port: port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        if isSecure { try addTLS(to: channel, host: host, trust) }
                        return try Bytes(wrappingChannelSynchronously: channel)
                    }
                }
        } catch let fault as ProbeFault {
            throw fault
        } catch {
            throw Self.fault(error)
        }
    }

    private static func addTLS(to channel: any Channel, host: String, _ trust: Trust) throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.applicationProtocols = ["http/1.1"]
        // What the other end still has to say after the answer is nothing to us.
        configuration.shutdownTimeout = .milliseconds(100)
        // An address has no name to be asked for (RFC 6066, section 3).
        let bare = host.trimmingCharacters(in: ["[", "]"])
        let name = IPAddress(bare) == nil ? host : nil
        switch trust {
        case .known(let roots):
            configuration.trustRoots = roots
            configuration.certificateVerification = name == nil ? .noHostnameVerification : .fullVerification
            let handler = try NIOSSLClientHandler(
                context: NIOSSLContext(configuration: configuration), serverHostname: name)
            try channel.pipeline.syncOperations.addHandler(handler)
        case .any(let see):
            // Not looked at, and slow to read.
            configuration.trustRoots = .certificates([])
            configuration.certificateVerification = .noHostnameVerification
            let handler = try NIOSSLClientHandler(
                context: NIOSSLContext(configuration: configuration), serverHostname: name,
                customVerificationCallback: { certificates, promise in
                    see(certificates)
                    promise.succeed(.certificateVerified)
                })
            try channel.pipeline.syncOperations.addHandler(handler)
        }
    }

    static func fault(_ error: any Error) -> ProbeFault {
        let text = String(describing: error)
        if let error = error as? NIOSSLError, case .uncleanShutdown = error { return .cut }
        if error is NIOSSLError || error is BoringSSLError || error is NIOSSLExtraError { return .certificate(text) }
        switch error {
        case let error as NIOConnectionError:
            let reasons = error.connectionErrors.map { String(describing: $0.error) }
            return .unreachable(reasons.first ?? error.dnsAError.map { "\($0)" } ?? "the name leads nowhere")
        case let error as IOError where error.errnoCode == ECONNRESET: return .cut
        case is ChannelError: return .unreachable(text)
        default: return .unreachable(text)
        }
    }
}
