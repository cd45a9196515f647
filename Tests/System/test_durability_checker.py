"""The checker of Tests/Durability: that it finds what is broken, and that a short trial finds nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

DURABILITY = Path(__file__).resolve().parents[1] / "Durability"
sys.path.append(str(DURABILITY))
from checker import History, Seen, Sent, violations  # noqa: E402


def sound() -> History:
    """Two people in a room; one message was refused, one has no answer."""
    return History(
        sent=[Sent("a", "r", "a-1", seq=1), Sent("b", "r", "b-1", seq=2), Sent("a", "r", "a-2", seq=3),
              Sent("a", "r", "a-3", refused=True), Sent("b", "r", "b-2")],
        seen=[Seen("a", "r", [(1, "a-1"), (2, "b-1"), (3, "a-2")]), Seen("b", "r", [(2, "b-1"), (3, "a-2")])],
        stored={"r": [(1, "a-1"), (2, "b-1"), (3, "a-2"), (4, "b-2")]})


def test_what_is_sound_has_no_violations():
    assert violations(sound()) == []


@pytest.mark.parametrize(("kind", "damage"), [
    ("lost", lambda h: h.stored["r"].__setitem__(2, (3, "b-2")) or h.stored["r"].pop()),
    ("doubled", lambda h: h.stored["r"].append((5, "a-1"))),
    ("invented", lambda h: h.stored["r"].append((5, "nobody's"))),
    ("invented", lambda h: h.stored["r"].append((5, "a-3"))),
    ("numbering", lambda h: h.stored["r"].pop(1)),
    ("gap", lambda h: h.seen[0].messages.pop(1)),
    ("disorder", lambda h: h.seen[0].messages.reverse()),
    ("disorder", lambda h: h.seen[1].messages.append((2, "b-1"))),
    ("different", lambda h: h.seen[1].messages.__setitem__(0, (2, "a-2"))),
    ("order", lambda h: h.sent.append(h.sent.pop(0))),
])
def test_each_kind_of_violation_is_found(kind: str, damage):
    history = sound()
    damage(history)
    assert any(sentence.startswith(f"{kind}:") for sentence in violations(history)), violations(history)


def test_a_server_that_is_killed_cut_off_and_starved_keeps_every_promise():
    done = subprocess.run(
        [sys.executable, DURABILITY / "run.py", "--kills", "8"], capture_output=True, text=True, timeout=150, check=False)
    print(done.stdout)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]
