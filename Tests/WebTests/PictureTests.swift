import Foundation
import Model
import Testing

@testable import Web

@Suite("The picture of a person")
struct PictureTests {
    @Test("follows from the username and the name alone")
    func deterministic() {
        let one = AvatarSVG(username: "titania", name: "Titania Moonweaver")
        #expect(one.text == AvatarSVG(username: "titania", name: "Titania Moonweaver").text)
        #expect(one.text.contains(">TM</text>") && one.text.contains("hsl(335 38% 87%)"))
        #expect(one.entityTag != AvatarSVG(username: "titania", name: "Queen").entityTag)
        #expect(one.text != AvatarSVG(username: "oberon", name: "Titania Moonweaver").text)
    }

    @Test("has nothing of the person's but escaped initials")
    func escaped() {
        let plain = AvatarSVG(username: "puck", name: "A B").text
        for name in ["<script> \"x\"", "& <", "\" onload=\"x", "</text><script>x</script>"] {
            let text = AvatarSVG(username: "puck", name: name).text
            #expect(text.count { $0 == "<" } == plain.count { $0 == "<" })
            #expect(!text.contains("script"))
        }
    }

    @Test("allows its own style, and nothing else")
    func policy() {
        #expect(AvatarSVG.policy.hasPrefix("default-src 'none'; style-src 'sha256-"))
        #expect(!AvatarSVG.policy.contains("unsafe"))
        #expect(AvatarSVG.policy.components(separatedBy: "sha256-").count == 13)
    }

    @Test("has the hues of the style sheet")
    func hues() throws {
        let css = try String(
            contentsOfFile: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appending(path: "../../web/css/avatar.css").standardized.path, encoding: .utf8)
        for (number, hue) in AvatarSVG.hues.enumerated() { #expect(css.contains(".hue-\(number) { --hue: \(hue); }")) }
    }
}

@Suite("Times")
struct ViewerTests {
    @Test("are those of the viewer's zone, summer time too, and UTC by name where it is not known")
    func zones() {
        let summer = Timestamp(milliseconds: 1_783_000_000_000)
        #expect(summer.minute == "2026-07-02 13:46 UTC")
        var profile = Profile()
        profile.timeZone = "Europe/Berlin"
        Viewer.$current.withValue(Viewer(profile)) {
            #expect(summer.minute == "2026-07-02 15:46")
            #expect(Timestamp(milliseconds: 1_767_309_000_000).minute == "2026-01-02 00:10")
        }
        profile.timeZone = "No/Such"
        #expect(Viewer(profile).timeZone == nil)
    }
}
