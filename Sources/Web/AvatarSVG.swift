import Crypto
import Foundation

/// What stands for a person as a picture: their initials on a drop, the shape of a quotation mark, in one of twelve hues.
///
/// It is the same picture that `css/avatar.css` draws in pages, and follows from the name and username alone. Nothing of a
/// person's is in it but the initials, which are escaped.
struct AvatarSVG {
    let text: String

    /// Of `css/avatar.css`, in its order.
    static let hues = [8, 28, 45, 70, 110, 150, 175, 200, 222, 255, 290, 335]

    init(username: String, name: String) {
        let initials = HTMLText().escapeText(PageValues.initials(of: name))
        text = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40" role="img"><style>\
            \(Self.style(hue: Self.hues[PageValues.hueClass(of: username)]))</style>\
            <path d="M20 0A20 20 0 0 1 20 40H8.8A8.8 8.8 0 0 1 0 31.2V20A20 20 0 0 1 20 0z"/>\
            <text x="20" y="20.5" text-anchor="middle" dominant-baseline="central">\(initials)</text></svg>

            """
    }

    /// Colours of `css/tokens.css`, for both schemes.
    private static func style(hue: Int) -> String {
        """
        path{fill:hsl(\(hue) 38% 87%)}text{fill:hsl(\(hue) 45% 24%);font:600 14px system-ui,sans-serif}\
        @media(prefers-color-scheme:dark){path{fill:hsl(\(hue) 24% 27%)}text{fill:hsl(\(hue) 55% 86%)}}
        """
    }

    /// Nothing is loaded or run, and of styles only ours counts.
    static let policy: String = {
        let hashes = hues.map { hue in
            "'sha256-\(Data(SHA256.hash(data: Data(style(hue: hue).utf8))).base64EncodedString())'"
        }
        return "default-src 'none'; style-src \(hashes.joined(separator: " ")); frame-ancestors 'none'; sandbox"
    }()

    /// Names its content (RFC 9110, section 8.8.3).
    var entityTag: String {
        "\"" + Data(SHA256.hash(data: Data(text.utf8))).prefix(12).base64EncodedString() + "\""
    }
}
