"""What the same SQLite does with the same rows and nothing else: the floor under storing messages."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time


def rows_per_second(batch: int, rooms: int, seconds: float) -> float:
    """Inserts messages of one sender for each room, so many in a commit that waits for the disk."""
    with tempfile.TemporaryDirectory(prefix="parley-floor-", dir=os.environ.get("BENCH_DIR")) as folder:
        db = sqlite3.connect(f"{folder}/floor.db", isolation_level=None)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        # As Sources/Storage/SQLite has it.
        db.execute("PRAGMA wal_autocheckpoint = 8000")
        db.execute("""
            CREATE TABLE message (
                roomId INTEGER NOT NULL, seq INTEGER NOT NULL, senderId INTEGER NOT NULL, sentAt INTEGER NOT NULL,
                keyId INTEGER NOT NULL, body BLOB NOT NULL, clientId TEXT, PRIMARY KEY (roomId, seq)
            ) STRICT, WITHOUT ROWID""")
        db.execute("CREATE UNIQUE INDEX byClientId ON message (senderId, clientId) WHERE clientId IS NOT NULL")
        body, count, begun = os.urandom(100), 0, time.monotonic()
        while time.monotonic() - begun < seconds:
            rows = [
                ((count + i) % rooms, (count + i) // rooms, (count + i) % rooms, 1_767_323_045_678, 1, body,
                 f"0-{(count + i) // rooms}-1a2b3c4d5e6f")
                for i in range(batch)
            ]
            db.execute("BEGIN IMMEDIATE")
            db.executemany("INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
            db.execute("COMMIT")
            count += batch
        rate = count / (time.monotonic() - begun)
        db.close()
        return rate
