import Testing

@testable import Realtime

@Suite("An offer of compression")
struct DeflateOfferTests {
    private static let answer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"

    @Test(
        "is taken, with nothing remembered between messages",
        arguments: [
            "permessage-deflate", "Permessage-Deflate", "permessage-deflate; client_max_window_bits",
            "permessage-deflate; client_max_window_bits=10; server_no_context_takeover",
            "x-webkit-deflate-frame, permessage-deflate",
        ])
    func taken(offer: String) throws {
        let offer = try #require(DeflateOffer(headers: [offer]))
        #expect(offer.windowBits == 15)
        #expect(offer.answer == Self.answer)
    }

    @Test("names the window that it may use, and gets just that", arguments: 9...15)
    func window(bits: Int) throws {
        let offer = try #require(DeflateOffer(headers: ["permessage-deflate; server_max_window_bits=\"\(bits)\""]))
        #expect(offer.windowBits == bits)
        #expect(offer.answer == Self.answer + "; server_max_window_bits=\(bits)")
    }

    @Test("gives way to the next one that can be taken, in the same header or another")
    func next() {
        let offers = ["permessage-deflate; server_max_window_bits=8, permessage-deflate; server_max_window_bits=10"]
        #expect(DeflateOffer(headers: offers)?.windowBits == 10)
        #expect(DeflateOffer(headers: ["permessage-bzip2", "permessage-deflate"])?.windowBits == 15)
    }

    @Test(
        "is left where it is not understood, or not valid",
        arguments: [
            [], [""], ["permessage-bzip2"], ["permessage-deflate; server_max_window_bits"],
            ["permessage-deflate; server_max_window_bits=8"], ["permessage-deflate; server_max_window_bits=16"],
            ["permessage-deflate; server_max_window_bits=010"], ["permessage-deflate; server_no_context_takeover=1"],
            ["permessage-deflate; client_max_window_bits=7"], ["permessage-deflate; shoe_size=46"],
            ["permessage-deflate; client_max_window_bits; client_max_window_bits"], ["permessage-deflate; "],
        ])
    func left(headers: [String]) {
        #expect(DeflateOffer(headers: headers) == nil)
    }
}
