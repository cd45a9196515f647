import GRDB
import Model

/// The ways in which somebody can sign in by themselves.
enum WaysIn {
    /// - Throws: `last_way_in`, where none is left. The write leaves no trace then.
    static func checkOneIsLeft(to user: UserID, _ db: Database) throws {
        let count =
            try Int.fetchOne(
                db,
                sql: """
                    SELECT (SELECT count(*) FROM user WHERE id = :user AND passwordHash <> '')
                        + (SELECT count(*) FROM identity WHERE userId = :user)
                        + (SELECT count(*) FROM passkey WHERE userId = :user)
                    """, arguments: ["user": user.rawValue]) ?? 0
        guard count > 0 else {
            throw ChatError(
                .lastWayIn, "This is your only way to sign in. Set a password or add another way first.")
        }
    }
}
