import CCurl
import Foundation
import Proxy

/// A transfer under way: its handle, and what libcurl calls while it works. Lives on one of the runner's threads alone.
final class ActiveTransfer {
    private let handle: UnsafeMutableRawPointer
    private let transfer: CurlTransfer
    private let abort: CurlAbort
    private let words: UnsafeMutablePointer<CChar>
    private var lists: [UnsafeMutablePointer<curl_slist>] = []
    private var outcome = CurlOutcome()
    private var uploaded = 0

    /// - Throws: `CurlFault`, before anything is sent.
    init(_ transfer: CurlTransfer, abort: CurlAbort) throws {
        guard let handle = curl_easy_init() else { throw CurlFault(CURLE_OUT_OF_MEMORY) }
        self.handle = handle
        self.transfer = transfer
        self.abort = abort
        words = .allocate(capacity: Int(CURL_ERROR_SIZE))
        words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        try configure()
        try addCallbacks()
    }

    deinit {
        curl_easy_cleanup(handle)
        for list in lists { curl_slist_free_all(list) }
        words.deallocate()
    }

    /// Does it; blocks until it is done.
    func perform() -> CurlOutcome {
        let result = curl_easy_perform(handle)
        var status = 0
        ccurl_get_number(handle, CURLINFO_RESPONSE_CODE, &status)
        outcome.result = result
        outcome.status = status
        outcome.words = String(cString: words)
        outcome.isUploaded = uploaded == transfer.upload?.count
        return outcome
    }

    private func configure() throws {
        try set(CURLOPT_URL, transfer.url)
        try set(CURLOPT_PROTOCOLS_STR, transfer.schemes)
        try set(CURLOPT_REDIR_PROTOCOLS_STR, transfer.schemes)
        // Not what the environment says: a proxy would connect in our place, to wherever it likes.
        try set(CURLOPT_PROXY, "")
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        try set(CURLOPT_CONNECTTIMEOUT_MS, transfer.connectTime.milliseconds)
        try set(CURLOPT_TIMEOUT_MS, transfer.time.milliseconds)
        if let authorities = transfer.authorities {
            try set(CURLOPT_CAINFO, authorities)
            try check(ccurl_set_text(handle, CURLOPT_CAPATH, nil))
        }
        for (option, value) in transfer.texts { try set(option, value) }
        for (option, value) in transfer.numbers { try set(option, value) }
        for (option, values) in transfer.lists { try set(option, values) }
        if let upload = transfer.upload {
            try set(CURLOPT_UPLOAD, 1)
            try check(ccurl_set_size(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(upload.count)))
        }
        if let post = transfer.post {
            try check(ccurl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(post.count)))
            try post.withUnsafeBytes { bytes in
                let start = UnsafeMutableRawPointer(mutating: bytes.baseAddress) ?? UnsafeMutableRawPointer(words)
                try check(ccurl_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, start))
            }
        }
    }

    private func addCallbacks() throws {
        // This object has the handle, and so is there for as long as it.
        let context = Unmanaged.passUnretained(self).toOpaque()
        let options = [
            CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_READDATA, CURLOPT_OPENSOCKETDATA, CURLOPT_XFERINFODATA,
        ]
        for option in options { try check(ccurl_set_pointer(handle, option, context)) }
        try set(CURLOPT_NOPROGRESS, 0)
        try check(ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, words))
        try check(
            ccurl_set_data_callback(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
                ActiveTransfer.from(context)?.receiveBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
                    ?? 0
            })
        try check(
            ccurl_set_data_callback(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
                ActiveTransfer.from(context)?.receiveHead(UnsafeRawBufferPointer(start: bytes, count: size * count))
                    ?? 0
            })
        try check(
            ccurl_set_data_callback(handle, CURLOPT_READFUNCTION) { bytes, size, count, context in
                ActiveTransfer.from(context)?.send(
                    into: UnsafeMutableRawBufferPointer(start: bytes, count: size * count)) ?? 0
            })
        // Called at least once a second. Breaking off by this, and not by freeing the handle, keeps libcurl from ending
        // half a mail as if it were a whole one.
        try check(
            ccurl_set_progress(handle) { context, _, _, _, _ in
                ActiveTransfer.from(context)?.abort.isSet == false ? 0 : 1
            })
        try check(
            ccurl_set_open_socket(handle) { context, _, address in
                guard let address else { return CURL_SOCKET_BAD }
                return ActiveTransfer.from(context)?.openSocket(address) ?? CURL_SOCKET_BAD
            })
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> ActiveTransfer? {
        context.map { Unmanaged<ActiveTransfer>.fromOpaque($0).takeUnretainedValue() }
    }

    /// - Returns: how many bytes were taken; another number than came ends the transfer.
    private func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard outcome.body.count + bytes.count <= transfer.bodyBytesMax else {
            outcome.excess = .body
            return 0
        }
        outcome.body += bytes
        return bytes.count
    }

    /// Called with whole lines.
    private func receiveHead(_ bytes: UnsafeRawBufferPointer) -> Int {
        // Another response begins: what came before was a redirect's, or a 1xx.
        if bytes.starts(with: "HTTP/".utf8) { outcome.head = [] }
        guard outcome.head.count + bytes.count <= transfer.headBytesMax else {
            outcome.excess = .head
            return 0
        }
        outcome.head += bytes
        return bytes.count
    }

    private func send(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let upload = transfer.upload else { return 0 }
        let piece = upload[uploaded...].prefix(buffer.count)
        buffer.copyBytes(from: piece)
        uploaded += piece.count
        return piece.count
    }

    /// The one place where a connection begins, called with the address that it will be made to.
    private func openSocket(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        guard let peer = IPAddress(ccurl_socket_address(address)) else { return CURL_SOCKET_BAD }
        guard transfer.addresses.allows(peer) else {
            outcome.refused = peer
            return CURL_SOCKET_BAD
        }
        let wanted = address.pointee
        return socket(wanted.family, wanted.socktype | Int32(SOCK_CLOEXEC.rawValue), wanted.protocol)
    }

    private func set(_ option: CURLoption, _ value: String) throws {
        // libcurl would take what is before it.
        guard !value.utf8.contains(0) else { throw CurlFault("NUL in a value") }
        try check(ccurl_set_text(handle, option, value))
    }

    private func set(_ option: CURLoption, _ value: Int) throws {
        try check(ccurl_set_number(handle, option, value))
    }

    private func set(_ option: CURLoption, _ values: [String]) throws {
        var list: UnsafeMutablePointer<curl_slist>?
        for value in values { list = curl_slist_append(list, value) ?? list }
        if let list { lists.append(list) }
        try check(ccurl_set_list(handle, option, list))
    }

    private func check(_ code: CURLcode) throws {
        guard code == CURLE_OK else { throw CurlFault(code) }
    }
}

extension Duration {
    /// At least 1: 0 is, for libcurl, without end.
    fileprivate var milliseconds: Int {
        max(1, Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000))
    }
}

extension IPAddress {
    /// - Returns: `nil` for an address of another family.
    init?(_ address: UnsafePointer<sockaddr>) {
        let start = UnsafeRawPointer(address)
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            let whole = start.loadUnaligned(as: sockaddr_in.self)
            self.init(bytes: withUnsafeBytes(of: whole.sin_addr) { Array($0) })
        case AF_INET6:
            let whole = start.loadUnaligned(as: sockaddr_in6.self)
            self.init(bytes: withUnsafeBytes(of: whole.sin6_addr) { Array($0) })
        default: return nil
        }
    }
}
