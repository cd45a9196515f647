"""What the database holds, to be compared before and after: all but what says that somebody is there."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

#: Waits there until it is sent, which is nobody's request.
LEFT_OUT = {"mail"}

#: Moves with each request or each try, whatever is asked for.
VOLATILE = {
    "session": {"lastUsedAt", "expiresAt", "address", "network", "userAgent"}, "stream": {"file"},
    # How often a code was tried is counted so that it cannot be guessed.
    "*": {"tries", "attempts", "lastTriedAt"},
}


def contents(data: Path) -> dict[str, str]:
    """A digest of each table."""
    connection = sqlite3.connect(f"file:{data}/parley.db?mode=ro", uri=True)
    try:
        names = [name for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")]
        return {name: digest(connection, name) for name in names if name not in LEFT_OUT}
    finally:
        connection.close()


def digest(connection: sqlite3.Connection, table: str) -> str:
    left_out = VOLATILE.get(table, set()) | VOLATILE["*"]
    columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")') if row[1] not in left_out]
    rows = connection.execute(f'SELECT {", ".join(f"{column!r}".replace(chr(39), chr(34)) for column in columns)} '
                              f'FROM "{table}" ORDER BY 1, 2' if len(columns) > 1 else f'SELECT * FROM "{table}"')
    found = hashlib.sha256()
    for row in rows:
        found.update(repr(row).encode())
    return found.hexdigest()
