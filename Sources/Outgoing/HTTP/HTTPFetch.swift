import CCurl
package import Foundation
package import HTTPTypes

/// Asks other servers over HTTP. Certificates are always checked, TLS is 1.2 or newer, and no proxy of the environment is
/// used. Each fetch makes a connection of its own, to an address that the policy allows.
package struct HTTPFetch: Sendable {
    package struct Request: Sendable {
        package var method: HTTPRequest.Method
        package var address: HTTPAddress
        package var fields: HTTPFields
        package var body: Data?
        /// How many redirects are followed, each to an address that the policy allows; from https only to https. None
        /// unless asked for: the redirect is then the response.
        package var redirectsMax = 0
        /// Largest body of the response, in bytes. It is never unpacked: none is asked for compressed.
        package var bodyBytesMax = 1_048_576
        /// For everything together.
        package var time = Duration.seconds(10)

        package init(
            _ method: HTTPRequest.Method = .get, _ address: HTTPAddress, fields: HTTPFields = [:], body: Data? = nil
        ) {
            self.method = method
            self.address = address
            self.fields = fields
            self.body = body
        }
    }

    package struct Response: Sendable {
        package let status: HTTPResponse.Status
        package let fields: HTTPFields
        package let body: Data
    }

    /// Most bytes of all headers of a response together.
    private static let headBytesMax = 65_536

    package let addresses: AddressPolicy
    private let runner: CurlRunner
    private let authorities: String?
    private let userAgent: String

    /// - Parameters:
    ///   - authorities: a PEM file of authorities to trust instead of the system's.
    ///   - userAgent: who asks, `Parley/1.0`.
    package init(
        addresses: AddressPolicy, authorities: String? = nil, userAgent: String,
        runner: CurlRunner = CurlRunner(name: "http")
    ) {
        self.addresses = addresses
        self.runner = runner
        self.authorities = authorities
        self.userAgent = userAgent
    }

    /// The same with another policy: what the operator has typed may lead to where what others have typed may not.
    package func with(_ addresses: AddressPolicy) -> HTTPFetch {
        HTTPFetch(addresses: addresses, authorities: authorities, userAgent: userAgent, runner: runner)
    }

    /// - Returns: the response, whatever its status.
    /// - Throws: `HTTPFetchError`, or `CancellationError`.
    package func callAsFunction(_ request: Request) async throws -> Response {
        let outcome: CurlOutcome
        do {
            outcome = try await runner.run(transfer(request))
        } catch let fault as CurlFault {
            throw HTTPFetchError.broken(fault.description)
        }
        guard outcome.result == CURLE_OK else {
            throw HTTPFetchError(outcome, bodyBytesMax: request.bodyBytesMax)
        }
        return Response(
            status: HTTPResponse.Status(code: outcome.status), fields: HTTPFields(head: outcome.head),
            body: Data(outcome.body))
    }

    private func transfer(_ request: Request) -> CurlTransfer {
        var transfer = CurlTransfer(
            url: request.address.description, schemes: request.address.isSecure ? "https" : "http,https",
            addresses: addresses)
        transfer.headBytesMax = Self.headBytesMax
        transfer.bodyBytesMax = request.bodyBytesMax
        transfer.authorities = authorities
        transfer.time = request.time
        transfer.connectTime = request.time
        transfer.texts = [(CURLOPT_USERAGENT, userAgent)]
        if request.redirectsMax > 0 {
            transfer.numbers = [(CURLOPT_FOLLOWLOCATION, 1), (CURLOPT_MAXREDIRS, request.redirectsMax)]
        }
        switch request.method {
        case .get where request.body == nil: transfer.numbers.append((CURLOPT_HTTPGET, 1))
        case .head: transfer.numbers.append((CURLOPT_NOBODY, 1))
        case .post:
            transfer.numbers.append((CURLOPT_POST, 1))
            transfer.post = Array(request.body ?? Data())
        default:
            transfer.post = request.body.map { Array($0) }
            transfer.texts.append((CURLOPT_CUSTOMREQUEST, request.method.rawValue))
        }
        // Values without a line break: the type of a field keeps to that.
        let lines = request.fields.map { field in
            field.value.isEmpty ? "\(field.name.rawName);" : "\(field.name.rawName): \(field.value)"
        }
        // Without a value libcurl leaves out what it would say by itself.
        let own = ["Expect:"] + (request.fields[.contentType] == nil ? ["Content-Type:"] : [])
        transfer.lists = [(CURLOPT_HTTPHEADER, lines + own)]
        return transfer
    }
}

extension HTTPFields {
    /// What stands in a response's head; lines that are no field are left out.
    init(head: [UInt8]) {
        self.init()
        for line in CurlOutcome.lines(head).dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, let name = HTTPField.Name(String(parts[0])) else { continue }
            append(HTTPField(name: name, value: parts[1].trimmingCharacters(in: .whitespaces)))
        }
    }
}
