import Foundation
import HTTPTypes
import Hummingbird
import Model
import Mustache
import NIOCore
import Synchronization

/// The pages' and the mails' templates, from `templates/` of the web directory. `mail/test-html` is called
/// `mail-test-html`.
package final class Templates: Sendable {
    private let directory: String
    private let reloads: Bool
    private let library: Mutex<MustacheLibrary>

    /// - Parameter reloads: reads the files anew for each page, for working on them.
    package init(directory: String, reloads: Bool) throws {
        self.directory = directory + "/templates"
        self.reloads = reloads
        library = Mutex(try Self.read(self.directory))
    }

    func render(_ name: String, _ values: [String: Any]) throws -> String {
        if reloads, let new = try? Self.read(directory) { library.withLock { $0 = new } }
        let library = library.withLock { $0 }
        guard let page = library.render(values, withTemplate: name) else { throw ChatError.internal }
        return page
    }

    private static func read(_ directory: String) throws -> MustacheLibrary {
        MustacheContentTypes.register(HTMLText(), named: "HTML")
        var library = MustacheLibrary()
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: directory)) ?? []
        for name in names.sorted() where name.hasSuffix(".mustache") {
            let text = try String(contentsOfFile: "\(directory)/\(name)", encoding: .utf8)
            // Said in each file: the library forgets in a partial what the page around it has said, and escapes by itself.
            let escaped = text.hasPrefix("{{% CONTENT_TYPE:") ? text : "{{% CONTENT_TYPE:HTML}}\n" + text
            let path = String(name.dropLast(".mustache".count))
            try library.register(escaped, named: path.replacing("/", with: "-"))
        }
        guard library.getTemplate(named: "layout") != nil else { throw WebDirectoryError(directory: directory) }
        return library
    }
}
