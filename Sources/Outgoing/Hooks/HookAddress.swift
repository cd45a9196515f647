import HTTPTypes
package import Logging
import Model

/// Checks an address that somebody typed for a hook, before it is kept.
package struct HookAddressCheck: Sendable {
    private let fetch: HTTPFetch
    private let allowsPlain: Bool
    private let time: Duration
    private let logger: Logger

    /// - Parameter allowsPlain: whether `http` will do: what is sent is signed, and not secret there.
    package init(fetch: HTTPFetch, allowsPlain: Bool, time: Duration = .seconds(5), logger: Logger) {
        self.fetch = fetch
        self.allowsPlain = allowsPlain
        self.time = time
        self.logger = logger
    }

    /// Asks it for nothing (HEAD), so that one that leads to our own networks is refused while somebody looks. What
    /// nobody answers at yet is fine; each message is guarded anew.
    /// - Returns: the address as it is kept.
    /// - Throws: `invalid_field` with the field `address`.
    package func callAsFunction(_ text: String) async throws -> String {
        do throws(HTTPFetchError) {
            let address = try HTTPAddress(text)
            guard address.isSecure || allowsPlain else {
                throw .badAddress("An address of a hook begins with https://.")
            }
            try await probe(address)
            return address.description
        } catch {
            throw ChatError(.invalidField, error.description, field: "address")
        }
    }

    private func probe(_ address: HTTPAddress) async throws(HTTPFetchError) {
        var request = HTTPFetch.Request(.head, address)
        request.time = time
        request.bodyBytesMax = 1024
        do {
            _ = try await fetch(request)
        } catch let error as HTTPFetchError {
            switch error {
            case .addressRefused(let refused):
                logger.notice("an address for a hook was refused", metadata: ["refused": "\(refused)"])
                throw error
            case .badAddress: throw error
            default: break
            }
        } catch {
            // Cut off: it will be guarded when it is used.
        }
    }
}
