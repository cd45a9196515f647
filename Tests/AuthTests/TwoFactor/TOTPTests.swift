import Auth
import Crypto
import Foundation
import Model
import Testing

@Suite("A one-time code")
struct TOTPTests {
    /// The key of RFC 4226, appendix D, and, repeated, of RFC 6238, appendix B.
    private static let digits = "12345678901234567890"
    private let totp = TOTP(secret: Data(digits.utf8))

    private func moment(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: seconds * 1000) }

    @Test("by count is that of RFC 4226, appendix D", arguments: zip(UInt64(0)..<10, Self.rfc4226))
    func counted(counter: UInt64, expected: (truncated: String, code: String)) {
        let secret = Data(Self.digits.utf8)
        #expect(HOTP.code(secret: secret, counter: counter) == expected.code)
        #expect(HOTP.code(secret: secret, counter: counter, digits: 10) == expected.truncated)
    }

    private static let rfc4226 = [
        ("1284755224", "755224"), ("1094287082", "287082"), ("0137359152", "359152"), ("1726969429", "969429"),
        ("1640338314", "338314"), ("0868254676", "254676"), ("1918287922", "287922"), ("0082162583", "162583"),
        ("0673399871", "399871"), ("0645520489", "520489"),
    ]

    @Test("by time is that of RFC 6238, appendix B", arguments: Self.rfc6238)
    func timed(seconds: Int64, sha1: String, sha256: String, sha512: String) {
        let counter = UInt64(TOTP.step(at: moment(seconds)))
        let key = { (count: Int) in Data(String(repeating: Self.digits, count: 4).utf8.prefix(count)) }
        #expect(HOTP.code(secret: key(20), counter: counter, digits: 8) == sha1)
        #expect(HOTP.code(secret: key(32), counter: counter, digits: 8, hash: SHA256.self) == sha256)
        #expect(HOTP.code(secret: key(64), counter: counter, digits: 8, hash: SHA512.self) == sha512)
        #expect(totp.code(at: TOTP.step(at: moment(seconds))) == String(sha1.suffix(6)))
    }

    private static let rfc6238: [(Int64, String, String, String)] = [
        (59, "94287082", "46119246", "90693936"), (1_111_111_109, "07081804", "68084774", "25091201"),
        (1_111_111_111, "14050471", "67062674", "99943326"), (1_234_567_890, "89005924", "91819424", "93441116"),
        (2_000_000_000, "69279037", "90698825", "38618901"), (20_000_000_000, "65353130", "77737706", "47863826"),
    ]

    @Test("is good one step before and after its own, and no further")
    func window() {
        let now = moment(1_111_111_109)
        let present = TOTP.step(at: now)
        #expect(TOTP.step(at: moment(1_111_111_110)) == present + 1)
        for distance in Int64(-5)...5 {
            let accepted = totp.accepts(totp.code(at: present + distance), at: now, lastUsed: nil)
            #expect(accepted == (abs(distance) <= 1 ? present + distance : nil), "\(distance)")
        }
    }

    @Test("is good once, and with it those before it are over")
    func once() throws {
        let now = moment(2_000_000_000)
        let present = TOTP.step(at: now)
        let used = try #require(totp.accepts(totp.code(at: present), at: now, lastUsed: nil))
        #expect(totp.accepts(totp.code(at: present), at: now, lastUsed: used) == nil)
        #expect(totp.accepts(totp.code(at: present), at: now + TOTP.period, lastUsed: used) == nil)
        #expect(totp.accepts(totp.code(at: present - 1), at: now, lastUsed: used) == nil)
        #expect(totp.accepts(totp.code(at: present + 1), at: now, lastUsed: used) == present + 1)
    }

    @Test("is refused with any digit changed, missing or added")
    func wrong() {
        let now = moment(59)
        let code = Array(totp.code(at: 1).utf8)
        let others = Set((Int64(0)...2).map(totp.code(at:)))
        for index in code.indices {
            for digit in UInt8(ascii: "0")...UInt8(ascii: "9") where digit != code[index] {
                var changed = code
                changed[index] = digit
                let text = String(decoding: changed, as: UTF8.self)
                #expect(others.contains(text) || totp.accepts(text, at: now, lastUsed: nil) == nil)
            }
        }
        let text = String(decoding: code, as: UTF8.self)
        for bad in ["", " ", String(text.dropLast()), text + "0", "0" + text, text + text, "٢٨٧٠٨٢"] {
            #expect(totp.accepts(bad, at: now, lastUsed: nil) == nil, "\(bad)")
        }
        #expect(TOTP().accepts(text, at: now, lastUsed: nil) == nil)
    }

    @Test("may be typed with spaces")
    func spaces() {
        #expect(totp.accepts(" 287 082 ", at: moment(59), lastUsed: nil) == 1)
    }

    @Test("has steps that go down evenly before 1970, and takes a clock there without harm")
    func before1970() {
        #expect(TOTP.step(at: moment(-1)) == -1)
        #expect(totp.accepts(totp.code(at: -1), at: moment(-1), lastUsed: nil) == -1)
    }

    @Test("has a secret of 20 bytes, another each time")
    func secret() {
        let secrets = (0..<50).map { _ in TOTP().secret }
        #expect(Set(secrets).count == 50 && secrets.allSatisfy { $0.count == 20 })
    }
}

@Suite("A key URI")
struct KeyURITests {
    @Test("says it all, in the order that apps know")
    func whole() {
        let totp = TOTP(secret: Data("12345678901234567890".utf8))
        #expect(
            totp.keyURI(issuer: "Parley", account: "puck@example.org")
                == "otpauth://totp/Parley:puck%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Parley"
                + "&algorithm=SHA1&digits=6&period=30")
        #expect(totp.secretForTyping == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ")
    }

    @Test(
        "survives whatever the names are",
        arguments: [
            "a&secret=AAAA", "a b", "a+b", "100%", "#?/\\", "\u{E9}\u{4E2D}\u{1F600}", "\n\u{0}", "chat.example:8443",
            "",
        ])
    func names(name: String) throws {
        let totp = TOTP()
        let parts = try #require(URLComponents(string: totp.keyURI(issuer: name, account: name)))
        let plain = name.replacing(":", with: " ")
        #expect(parts.path == "/\(plain):\(plain)" && parts.host == "totp" && parts.fragment == nil)
        let items = try #require(parts.queryItems)
        #expect(items.map(\.name) == ["secret", "issuer", "algorithm", "digits", "period"])
        #expect(items.map(\.value) == [Base32.encode(totp.secret), plain, "SHA1", "6", "30"])
    }
}
