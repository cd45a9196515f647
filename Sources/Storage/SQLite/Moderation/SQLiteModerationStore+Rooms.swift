import GRDB
package import Model

extension SQLiteModerationStore {
    package func change(
        _ slug: String, _ change: RoomChange, by actor: UserID,
        committed: @escaping @Sendable (RoomRef, RoomHead) -> Void
    ) async throws -> RoomView {
        try await database.writes.write(
            { db in
                let place = try RoomPlace(slug, actor, db)
                try place.standing.require(.setPace)
                let changesHead = [change.name, change.topic].contains { $0 != nil }
                if changesHead || change.kind != nil || change.isAnnouncement != nil {
                    try place.standing.require(.changeRoom)
                }
                if change.kind == .public, place.standing.kind == .private {
                    throw ChatError(
                        .invalidField, "What was said in private stays so: a private room does not become public.",
                        field: "kind")
                }
                let words = try Self.apply(change, to: place.room.id, db)
                if !words.isEmpty {
                    try SQLiteAuditStore.append(
                        NewAuditEntry(.changeRoom, slug, by: place.username, details: words.joined(separator: ", ")), db
                    )
                }
                return try SQLiteRoomQuery.room(slug, for: actor, db)
            },
            committed: { view in
                committed(
                    view.ref, RoomHead(name: view.name, topic: view.topic, kind: view.kind, pace: view.pace))
            })
    }

    package func rooms(for user: UserID) async throws -> [RoomSummary] {
        try await database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT slug, name, kind, lastSeq, isLocked, isAnnouncement, slowSeconds,
                        (SELECT count(*) FROM membership WHERE roomId = room.id) AS members,
                        (SELECT user.username FROM membership JOIN user ON user.id = userId
                         WHERE roomId = room.id AND membership.role = 'owner') AS owner
                    FROM room WHERE kind <> 'direct' AND (kind = 'public'
                        OR (SELECT role FROM user WHERE id = :user) = 'admin'
                        OR EXISTS (SELECT 1 FROM membership WHERE roomId = room.id AND userId = :user))
                    ORDER BY name COLLATE NOCASE, slug
                    """, arguments: ["user": user.rawValue]
            ).map(RoomSummary.init(row:))
        }
    }

    /// - Returns: what has changed, in words.
    private static func apply(_ change: RoomChange, to room: RoomID, _ db: Database) throws -> [String] {
        var words: [String] = []
        func set(_ column: String, _ value: (any DatabaseValueConvertible)?, _ word: String) throws {
            guard let value else { return }
            try db.execute(
                sql: "UPDATE room SET \(column) = :value WHERE id = :id AND \(column) <> :value",
                arguments: ["value": value, "id": room.rawValue])
            if db.changesCount > 0 { words.append(word) }
        }
        try set("name", change.name, "named \(change.name ?? "")")
        try set("topic", change.topic, "another topic")
        try set("kind", change.kind?.rawValue, change.kind?.rawValue ?? "")
        try set(
            "isAnnouncement", change.isAnnouncement,
            change.isAnnouncement == true ? "announcements" : "everybody writes")
        try set("slowSeconds", change.slow?.count, "slow mode \(change.slow?.count ?? 0) s")
        try set("isLocked", change.isLocked, change.isLocked == true ? "locked" : "unlocked")
        return words
    }
}

extension RoomSummary {
    init(row: Row) {
        self.init(
            slug: row["slug"], name: row["name"], kind: RoomKind(rawValue: row["kind"]) ?? .private,
            members: row["members"], messages: row["lastSeq"], owner: row["owner"], pace: RoomPace(row: row))
    }
}

extension RoomPace {
    /// From a row of the table `room`.
    init(row: Row) {
        self.init(
            slow: Seconds(row["slowSeconds"]), isLocked: row["isLocked"], isAnnouncement: row["isAnnouncement"])
    }
}
