import Model

extension TOTP {
    /// What the QR code says, in the key URI format that Google's authenticator began with:
    /// `otpauth://totp/ISSUER:ACCOUNT?secret=…&issuer=ISSUER&algorithm=SHA1&digits=6&period=30`.
    ///
    /// It holds the secret: it belongs on the one page that shows the QR code, never in a log or a link.
    /// - Parameters:
    ///   - issuer: the server's name or host. A colon would end it, so that one becomes a space.
    ///   - account: who signs in with it: the username or address. The same goes for its colons.
    package func keyURI(issuer: String, account: String) -> String {
        let (issuer, account) = (Self.encoded(issuer), Self.encoded(account))
        return "otpauth://totp/\(issuer):\(account)?secret=\(Base32.encode(secret))&issuer=\(issuer)"
            + "&algorithm=SHA1&digits=\(Self.digits)&period=\(Self.period.count)"
    }

    /// The secret for typing it in: Base32 in groups of four.
    package var secretForTyping: String {
        let text = Base32.encode(secret)
        return stride(from: 0, to: text.count, by: 4).map { text.dropFirst($0).prefix(4) }.joined(separator: " ")
    }

    /// Everything but RFC 3986's unreserved characters (section 2.3) in percent, byte by byte of UTF-8.
    private static func encoded(_ text: String) -> String {
        text.replacing(":", with: " ").utf8.reduce(into: "") { encoded, byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.append(Character(UnicodeScalar(byte)))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += byte < 16 ? "%0\(digits)" : "%\(digits)"
            }
        }
    }
}
