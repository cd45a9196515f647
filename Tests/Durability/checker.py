"""What must hold after everything that went wrong, as a pure function from what was seen to what is broken."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Sent:
    """A client's message and what became of it: `seq` where it was acknowledged, `refused` where it was refused."""

    client: str
    room: str
    client_id: str
    seq: int | None = None
    refused: bool = False


@dataclass
class Seen:
    """What one receiver saw of one room, in its order, between two reloads."""

    receiver: str
    room: str
    #: (seq, clientId) of each message when it first came.
    messages: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class History:
    sent: list[Sent]
    seen: list[Seen]
    #: What each room holds in the end: (seq, clientId), as the server tells it.
    stored: dict[str, list[tuple[int, str]]]


def violations(history: History) -> list[str]:
    """Every broken promise, one sentence each. Empty when all were kept."""
    return [
        *_numbering(history), *_once(history), *_acknowledged(history), *_invented(history), *_views(history),
        *_own_order(history),
    ]


def _numbering(history: History) -> list[str]:
    return [
        f"numbering: {room} has {len(messages)} messages and not 1 to {len(messages)}"
        for room, messages in history.stored.items()
        if [seq for seq, _ in messages] != list(range(1, len(messages) + 1))
    ]


def _once(history: History) -> list[str]:
    """One clientId is stored once, in whatever room."""
    places = defaultdict(list)
    for room, messages in history.stored.items():
        for seq, client_id in messages:
            places[client_id].append(f"{room} {seq}")
    return [f"doubled: {client_id} is at {', '.join(at)}" for client_id, at in places.items() if len(at) > 1]


def _acknowledged(history: History) -> list[str]:
    """What was acknowledged is there, where it was said to be."""
    stored = {(room, seq): client_id for room, messages in history.stored.items() for seq, client_id in messages}
    broken = []
    for sent in history.sent:
        if sent.seq is None:
            continue
        found = stored.get((sent.room, sent.seq))
        if found != sent.client_id:
            broken.append(f"lost: {sent.client_id} was acknowledged as {sent.room} {sent.seq}, where {found} is")
    return broken


def _invented(history: History) -> list[str]:
    """Nobody's message is there, and none that was refused."""
    asked = {(sent.room, sent.client_id) for sent in history.sent if not sent.refused}
    return [
        f"invented: {client_id} at {room} {seq}"
        for room, messages in history.stored.items() for seq, client_id in messages
        if (room, client_id) not in asked
    ]


def _views(history: History) -> list[str]:
    """Every receiver saw what is stored, without a gap, and in its order."""
    broken = []
    for seen in history.seen:
        stored = dict(history.stored.get(seen.room, []))
        last = None
        for seq, client_id in seen.messages:
            if stored.get(seq) != client_id:
                broken.append(
                    f"different: {seen.receiver} saw {client_id} at {seen.room} {seq}, where {stored.get(seq)} is")
            if last is not None and seq != last + 1:
                kind = "disorder" if seq <= last else "gap"
                broken.append(f"{kind}: {seen.receiver} saw {seen.room} {seq} after {last}")
            last = seq
    return broken


def _own_order(history: History) -> list[str]:
    """Whoever sends one message after another finds them in that order."""
    broken = []
    last: dict[tuple[str, str], int] = {}
    for sent in history.sent:
        if sent.seq is None:
            continue
        key = (sent.client, sent.room)
        if sent.seq <= last.get(key, 0):
            broken.append(f"order: {sent.client} sent {sent.client_id} later, and it is {sent.room} {sent.seq}")
        last[key] = sent.seq
    return broken
