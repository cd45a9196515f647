"""What cuts off whoever is silent, or slow, or there for long: examined with a short silence, all at the same time."""

from __future__ import annotations

from faults import Fault

#: How long a silence lasts, and which findings that makes untestable.
SILENCE = ["--silence", "8"]


def idle(row: str, kind: str, old: str, new: str, says: str, check: str = "idle", file: str = "") -> Fault:
    return Fault(row, [(old, new)], {check}, says, options=SILENCE, kinds=[kind], file=file)


IDLE = {
    "nginx: 3 s": idle("A4", "nginx", "proxy_read_timeout 3600s;", "proxy_read_timeout 3s;", "proxy_read_timeout 3600s"),
    # The longer of both ends' counts.
    "Apache: 3 s": Fault(
        "B9", [("timeout=3600", "timeout=3"), ("<VirtualHost *:PORT>", "Timeout 3\n<VirtualHost *:PORT>")], {"idle"},
        "upgrade=websocket timeout=3600", options=SILENCE, kinds=["apache"]),
    "HAProxy: 3 s": idle("B10", "haproxy", "timeout tunnel 3600s", "timeout tunnel 3s", "timeout tunnel 1h in defaults"),
    "Caddy: 3 s for every socket": idle(
        "B11", "caddy", "        flush_interval -1\n", "        flush_interval -1\n        stream_timeout 3s\n", "no stream_timeout"),
    "Traefik: 3 s for a body": idle(
        "B12", "traefik", "readTimeout: 30m", "readTimeout: 3s", "readTimeout: 30m", "slow-upload", "traefik.yml"),
}
