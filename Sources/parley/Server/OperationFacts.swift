import Foundation
import Realtime
import Storage
import Web

/// Finds out what the page about the server's health shows besides what `/api/health` does.
enum OperationFacts {
    static func look(
        at core: Core, connections: ConnectionLimit, openSockets: OpenSockets
    ) async -> OperatorView.Facts {
        let directory = core.settings.dataDirectory
        let disk = try? await BlockingWork.run { (size(of: directory + "/parley.db"), free(at: directory)) }
        return OperatorView.Facts(
            connections: connections.count, sockets: openSockets.count, databaseBytes: disk?.0 ?? nil,
            freeBytes: disk?.1 ?? nil, mail: await mail(core))
    }

    private static func mail(_ core: Core) async -> OperatorView.Mail? {
        guard core.mailer != nil, let unsent = try? await core.stores.mail.unsent(limit: OperatorView.Mail.countMax)
        else {
            return nil
        }
        let waiting = unsent.filter { if case .waiting = $0.state { true } else { false } }
        return OperatorView.Mail(
            waiting: waiting.count, givenUp: unsent.count - waiting.count, oldest: waiting.map(\.createdAt).min(),
            lastError: waiting.first { $0.lastError != nil }?.lastError)
    }

    /// With what is not yet moved into it.
    private static func size(of database: String) -> Int64? {
        let sizes = [database, database + "-wal"].map { path in
            (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber)?.int64Value
        }
        guard let main = sizes[0] else { return nil }
        return main + (sizes[1] ?? 0)
    }

    private static func free(at directory: String) -> Int64? {
        var status = statvfs()
        guard statvfs(directory, &status) == 0 else { return nil }
        return Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    }
}
