import Outgoing
import Proxy
import Testing

@Suite("Which addresses may be connected to")
struct AddressPolicyTests {
    @Test(
        "Public means on the internet",
        arguments: [
            "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
            "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255",
            "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "2001:200::", "2606:4700::1111",
            "2a00:1450::1", "3ffe::", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1",
        ])
    func open(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(AddressPolicy.publicOnly.allows(address))
        #expect(AddressPolicy.any.allows(address))
    }

    @Test(
        "Nothing of this machine, of a network of ours or of another use is public, however it is written",
        arguments: [
            // RFC 6890 and its registries, each at its first and last address.
            "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1",
            "127.255.255.255", "169.254.0.0", "169.254.169.254", "169.254.255.255", "172.16.0.0", "172.31.255.255",
            "192.0.0.0", "192.0.0.255", "192.0.2.0", "192.0.2.255", "192.88.99.1", "192.168.0.0", "192.168.255.255",
            "198.18.0.0", "198.19.255.255", "198.51.100.7", "203.0.113.7", "224.0.0.0", "239.255.255.255", "240.0.0.0",
            "255.255.255.255",
            "::", "::1", "fe80::1", "febf::1", "fc00::", "fd00::1", "fdff::1", "fec0::1", "ff02::1", "2001:db8::1",
            "2001::1", "2002:7f00:1::", "3fff::1", "5f00::1", "100::1", "::127.0.0.1",
            // Mapped, and behind a translator.
            "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1",
            "64:ff9b::10.0.0.1", "64:ff9b:1::1.1.1.1",
        ])
    func shut(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(!AddressPolicy.publicOnly.allows(address))
        #expect(AddressPolicy.any.allows(address))
    }
}
