import Proxy
import Testing

@Suite("An address")
struct AddressTests {
    @Test(
        "is read in all its forms, and written in one",
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("2001:DB8:0:0::1", "2001:db8::1"), ("::1", "::1"),
            ("::ffff:192.0.2.1", "192.0.2.1"), ("fe80::1%eth0", "fe80::1"),
        ])
    func forms(text: String, written: String) throws {
        #expect(try #require(IPAddress(text)).description == written)
    }

    @Test(
        "is refused where it is none",
        arguments: [
            "", "192.0.2", "192.0.2.256", "192.0.2.1:80", "[::1]", "::1%", "192.0.2.1%eth0", "01.2.3.4", " 192.0.2.1",
            "unknown", "::g", "2001:db8::1::", "\u{661}.1.1.1", String(repeating: "1", count: 100_000),
        ])
    func refused(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(
        "is in a range by its first bits",
        arguments: [
            ("10.0.0.0/8", "10.255.1.2", true), ("10.0.0.0/8", "11.0.0.0", false),
            ("192.0.2.128/25", "192.0.2.127", false), ("192.0.2.129/25", "192.0.2.128", true),
            ("0.0.0.0/0", "8.8.8.8", true), ("0.0.0.0/0", "::1", false), ("2001:db8::/33", "2001:db8:7fff::1", true),
            ("2001:db8::/33", "2001:db8:8000::1", false), ("192.0.2.7", "192.0.2.7", true),
            ("::ffff:10.0.0.0/104", "10.1.2.3", true), ("10.0.0.0/8", "::ffff:10.1.2.3", true),
        ])
    func ranges(range: String, address: String, isIn: Bool) throws {
        #expect(try #require(AddressRange(range)).contains(try #require(IPAddress(address))) == isIn)
    }

    @Test(
        "range is refused where it is none",
        arguments: [
            "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "::/129", "10.0.0.0/ 8", "x/8",
        ])
    func badRanges(text: String) {
        #expect(AddressRange(text) == nil)
    }

    @Test(
        "is known to be private or not",
        arguments: [
            ("127.0.0.1", true), ("10.1.2.3", true), ("172.31.0.1", true), ("172.32.0.1", false),
            ("192.168.1.1", true), ("169.254.1.1", true), ("100.64.0.1", true), ("8.8.8.8", false), ("::1", true),
            ("fd00::1", true), ("fe80::1", true), ("2001:4860::1", false),
        ])
    func privacy(text: String, isPrivate: Bool) throws {
        #expect(try #require(IPAddress(text)).isPrivate == isPrivate)
    }

    @Test("belongs to a customer's network")
    func network() throws {
        #expect(try #require(IPAddress("2001:db8:1:2:3::4")).network.description == "2001:db8:1:2::/64")
        #expect(try #require(IPAddress("192.0.2.1")).network.description == "192.0.2.1")
    }
}
