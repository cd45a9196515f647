#!/usr/bin/env python3
"""broken.py: builds Parley broken in one way after another, and expects the checker to catch each. This is what proves
the checker; it takes a debug build and some minutes."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GROUP = "Sources/Storage/SQLite/CommitGroup.swift"
STORE = "Sources/Storage/SQLite/SQLiteMessageStore.swift"

#: What is broken, in which file, by replacing what with what, and what the checker has to call it.
DEFECTS = [
    ("acknowledged before it is committed", GROUP,
     "let value = try body(&cache, db)\n                return { finish(.success(value)) }",
     # The commit comes a little later, so that some kills fall in between.
     "let value = try body(&cache, db)\n                finish(.success(value))\n"
     "                _ = (0..<400_000).reduce(0, +)\n                return {}", "lost|different"),
    ("the clientId is forgotten", STORE, "sealed.key.rawValue, sealed.bytes, new.clientId,",
     "sealed.key.rawValue, sealed.bytes, nil as String?,", "invented|doubled|lost"),
    ("a resume leaves the first one out", STORE, ".after(position.seq)", ".after(position.seq + 1)", "gap|different"),
    ("every fiftieth message reaches nobody", "Sources/Realtime/Hub/Hub.swift",
     "put(.room(room.id, message.seq, frame))",
     "if message.seq % 50 != 0 { put(.room(room.id, message.seq, frame)) }", "gap|different"),
    ("events are told in reverse", GROUP, "for finish in finishes { finish() }",
     "for finish in finishes.reversed() { finish() }", "gap|disorder|different"),
]


def build(tree: Path) -> Path:
    subprocess.run(["swift", "build", "--product", "parley"], cwd=tree, check=True, stdout=subprocess.DEVNULL)
    return tree / ".build/debug/parley"


def main() -> int:
    missed = 0
    with tempfile.TemporaryDirectory(prefix="parley-broken-") as folder:
        tree = Path(folder) / "tree"
        subprocess.run(["git", "clone", "-q", ROOT, tree], check=True)
        for name, file, old, new, kinds in DEFECTS:
            path = tree / file
            sound = path.read_text()
            assert sound.count(old) == 1, f"{file} has changed: {old!r} is not there once; mend DEFECTS"
            path.write_text(sound.replace(old, new))
            binary = build(tree)
            done = subprocess.run(
                [sys.executable, ROOT / "Tests/Durability/run.py", "--binary", binary, "--kills", "25", "--no-disk",
                 "--clients", "18", "--rooms", "2", "--pause", "0.1", "0.4"], capture_output=True, text=True, check=False)
            found = sorted(set(re.findall(rf"^({kinds}):", done.stdout, re.MULTILINE)))
            is_caught = done.returncode == 1 and bool(found)
            missed += not is_caught
            print(f"{'caught' if is_caught else 'NOT CAUGHT'}: {name} ({', '.join(found) or done.stdout[-300:]})", flush=True)
            path.write_text(sound)
    print(f"{len(DEFECTS) - missed} of {len(DEFECTS)} caught")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
