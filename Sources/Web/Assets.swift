import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Model
import NIOCore
import Synchronization

/// The files that pages load, kept in memory: `css/`, `js/` and `img/` of the web directory.
///
/// They are served below a path that names their content, so that browsers may keep them for ever and never mix two
/// versions; the modules' relative imports stay below it by themselves.
package final class Assets: Sendable {
    private struct File {
        let body: ByteBuffer
        let contentType: String
    }

    private struct Content {
        let files: [String: File]
        let version: String
    }

    private let directory: String
    private let reloads: Bool
    private let content: Mutex<Content>

    /// - Parameter reloads: reads the files anew for each page, for working on them.
    package init(directory: String, reloads: Bool) throws {
        self.directory = directory
        self.reloads = reloads
        content = Mutex(try Self.read(directory))
    }

    /// Where a page finds them: `/static/<version>`.
    func basePath() -> String {
        if reloads, let new = try? Self.read(directory) { content.withLock { $0 = new } }
        return "/static/" + content.withLock(\.version)
    }

    /// - Parameter path: what follows `/static/`, with or without a version.
    func response(for path: String) throws -> Response {
        let (version, found) = content.withLock { content -> (String, File?) in
            let name = path.hasPrefix(content.version + "/") ? String(path.dropFirst(content.version.count + 1)) : path
            return (content.version, content.files[name])
        }
        guard let found else { throw ChatError(.routeNotFound, "There is no such file.") }
        let isVersioned = path.hasPrefix(version + "/")
        return Response(
            status: .ok,
            headers: [
                .contentType: found.contentType,
                .cacheControl: isVersioned ? "public, max-age=31536000, immutable" : "no-cache",
            ],
            body: ResponseBody(byteBuffer: found.body))
    }

    private static func read(_ directory: String) throws -> Content {
        var files: [String: File] = [:]
        var hash = SHA256()
        for folder in ["css", "img", "js"] {
            let names =
                FileManager.default.enumerator(atPath: "\(directory)/\(folder)")?.compactMap { $0 as? String } ?? []
            for name in names.sorted() {
                guard let type = contentType(of: name) else { continue }
                let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(directory)/\(folder)/\(name)"))
                hash.update(data: Data("\(folder)/\(name)\0".utf8))
                hash.update(data: bytes)
                files["\(folder)/\(name)"] = File(body: ByteBuffer(bytes: bytes), contentType: type)
            }
        }
        guard !files.isEmpty else { throw WebDirectoryError(directory: directory) }
        let version = hash.finalize().prefix(6).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        return Content(files: files, version: version)
    }

    private static func contentType(of name: String) -> String? {
        switch name.split(separator: ".").last {
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        case "webmanifest": "application/manifest+json"
        default: nil
        }
    }
}

/// The directory with the pages' files is not where it should be.
package struct WebDirectoryError: Error, CustomStringConvertible {
    let directory: String

    package var description: String {
        "There are no web files in \(directory). Set web-dir to the folder `web` that comes with Parley."
    }
}
