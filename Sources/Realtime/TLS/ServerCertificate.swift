package import Foundation
import NIOCore
import NIOSSL
import Synchronization

/// The certificate that this server shows, and the key to it, out of two PEM files that may be renewed at any time. A
/// connection keeps the one that it began with. Any thread may use it.
package final class ServerCertificate: Sendable {
    private struct Files: Hashable {
        let certificate: [UInt8]
        let key: [UInt8]
    }

    private struct State {
        var files: Files
        var context: NIOSSLContext
    }

    private let certificatePath: String
    private let keyPath: String
    private let state: Mutex<State>

    /// Blocks while it reads.
    ///
    /// - Parameters:
    ///   - certificate: the path of the certificate, with those after it that lead to an authority.
    ///   - key: the path of its key, without a passphrase.
    /// - Throws: `CertificateFault`.
    package init(certificate: String, key: String) throws(CertificateFault) {
        certificatePath = certificate
        keyPath = key
        let files = try Self.read(certificate, key)
        state = Mutex(State(files: files, context: try Self.load(files, certificate, key).context))
    }

    /// Takes up files that were renewed. Blocks while it reads.
    ///
    /// - Returns: until when the new certificate is valid; `nil` where the files are what they were.
    /// - Throws: `CertificateFault`; what was loaded before stays.
    package func renew() throws(CertificateFault) -> Date? {
        let files = try Self.read(certificatePath, keyPath)
        guard state.withLock({ $0.files != files }) else { return nil }
        let (context, validUntil) = try Self.load(files, certificatePath, keyPath)
        state.withLock { $0 = State(files: files, context: context) }
        return validUntil
    }

    /// What a new connection is to use.
    var context: NIOSSLContext { state.withLock { $0.context } }

    private static func read(_ certificate: String, _ key: String) throws(CertificateFault) -> Files {
        Files(certificate: try bytes(of: certificate), key: try bytes(of: key))
    }

    private static func bytes(of path: String) throws(CertificateFault) -> [UInt8] {
        guard let file = fopen(path, "re") else {
            throw CertificateFault(path: path, reason: "cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { fclose(file) }
        // One byte more than there may be, so that a longer file is noticed.
        var bytes = [UInt8](repeating: 0, count: bytesMax + 1)
        let count = fread(&bytes, 1, bytes.count, file)
        guard ferror(file) == 0 else {
            throw CertificateFault(path: path, reason: "cannot be read: \(String(cString: strerror(errno)))")
        }
        guard count <= bytesMax else { throw CertificateFault(path: path, reason: "is too large for a PEM file") }
        return Array(bytes.prefix(count))
    }

    private static let bytesMax = 1_048_576

    private static func load(
        _ files: Files, _ certificatePath: String, _ keyPath: String
    ) throws(CertificateFault) -> (context: NIOSSLContext, validUntil: Date) {
        guard let chain = try? NIOSSLCertificate.fromPEMBytes(files.certificate), let leaf = chain.first else {
            throw CertificateFault(path: certificatePath, reason: "holds no certificate in PEM form")
        }
        // Without an answer of ours somebody might be asked for a passphrase.
        guard let key = try? NIOSSLPrivateKey(bytes: files.key, format: .pem, passphraseCallback: { $0([UInt8]()) })
        else { throw CertificateFault(path: keyPath, reason: "holds no key in PEM form without a passphrase") }
        guard let context = try? NIOSSLContext(configuration: configuration(chain, key)) else {
            throw CertificateFault(
                path: keyPath, reason: "is not the key of the first certificate in \(certificatePath)")
        }
        return (context, Date(timeIntervalSince1970: TimeInterval(leaf.notValidAfter)))
    }

    private static func configuration(_ chain: [NIOSSLCertificate], _ key: NIOSSLPrivateKey) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        // Those of TLS 1.3 are all good, and fixed.
        configuration.cipherSuiteValues = [
            .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
            .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
            .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        ]
        configuration.applicationProtocols = ["h2", "http/1.1"]
        // How long the other side has to say that it is done, too. Sockets have said goodbye before that.
        configuration.shutdownTimeout = .seconds(1)
        return configuration
    }
}

/// A certificate, or its key, that cannot be used.
package struct CertificateFault: Error, CustomStringConvertible {
    let path: String
    let reason: String

    package var description: String { "The file \(path) \(reason) (tls-certificate, tls-key)." }
}
