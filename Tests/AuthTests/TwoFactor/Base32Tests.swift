import Auth
import Foundation
import Testing

@Suite("Base32")
struct Base32Tests {
    @Test(
        "is that of RFC 4648, section 10, without padding",
        arguments: [
            ("", ""), ("f", "MY======"), ("fo", "MZXQ===="), ("foo", "MZXW6==="), ("foob", "MZXW6YQ="),
            ("fooba", "MZXW6YTB"), ("foobar", "MZXW6YTBOI======"),
        ])
    func vectors(plain: String, text: String) {
        let bare = text.replacing("=", with: "")
        #expect(Base32.encode(Data(plain.utf8)) == bare)
        #expect(Base32.decode(text) == Data(plain.utf8))
        #expect(Base32.decode(bare) == Data(plain.utf8))
    }

    @Test("comes back whatever the bytes are, also in small letters, groups and dashes")
    func roundTrip() {
        for count in 0..<64 {
            let data = Data((0..<count).map { _ in UInt8.random(in: .min ... .max) })
            let text = Base32.encode(data)
            #expect(Base32.decode(text) == data)
            #expect(Base32.decode(text.lowercased()) == data)
            #expect(Base32.decode(String(text.flatMap { [$0, " "] })) == data)
            #expect(Base32.decode(String(text.flatMap { [$0, "-"] })) == data)
        }
    }

    @Test(
        "is refused where it is none",
        arguments: [
            "0", "1", "8", "M", "MZX", "MZXW6Y", "MZ=Q", "=", "MY=", "MY=======", "MZXW6YTB========", "MZ", "M\u{131}",
            "MY\n", "\u{FF2D}Y",
        ])
    func refused(text: String) {
        #expect(Base32.decode(text) == nil)
    }
}
