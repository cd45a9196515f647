/// The paths of the certificate that TLS is spoken with, and of its key.
struct TLSFiles: Sendable, Hashable {
    let certificate: String
    let key: String
}
