"""The list of faults in docs/front-door.md: what each row is, and which broken configurations prove that the doctor names
it. `PYTHONPATH=Tests/Proxies:Tests/System .venv/bin/python Tests/Proxies/listing.py` prints it."""

from __future__ import annotations

from faults import Fault
from idle_faults import IDLE

ROWS = {
    "A1": "the upgrade of sockets is not passed on",
    "A2": "it is passed on in one place alone, and not where sockets are",
    "A3": "the Host is rewritten, or loses its port",
    "A4": "silent connections are cut before the server pings",
    "A5": "the proxy does not reach the server",
    "A6": "the scheme does not arrive",
    "A7": "an inner proxy overwrites the scheme",
    "A8": "the address redirects to itself",
    "A9": "nobody says whom the proxy speaks for: everybody has one address",
    "A10": "forms from our own page are refused",
    "A11": "bodies are cut off at a size below the server's",
    "A12": "the certificate comes without its chain",
    "A13": "no TLS at a public address",
    "A14": "the cookie is lost, or loses what keeps it safe",
    "B3": "forged addresses are believed",
    "B4": "whoever comes over IPv6 has the address of something in between",
    "B5": "the proxy is not in `trusted-proxies` (any more)",
    "B6": "a location for sockets drops the headers of the one around it",
    "B7": "`Connection: upgrade` is on every request",
    "B9": "Apache cuts silent connections",
    "B10": "HAProxy cuts silent connections",
    "B11": "every socket is cut after some time, used or not",
    "B12": "slow uploads are cut off",
    "B13": "Cloudflare gives up waiting (524)",
    "B14": "a check for browsers is in the way of apps",
    "B15": "something asks people to sign in before the server does",
    "B16": "ngrok shows browsers a page of its own",
    "B17": "event streams are held back or compressed",
    "B18": "pages or answers are cached",
    "B19": "a firewall takes offence at what people write, or at methods",
    "B20": "the certificate has expired, or soon will, or is for another name",
    "B21": "a certificate authority does not get through",
    "B22": "an address of the name (IPv4, IPv6) leads nowhere",
    "B24": "another site answers, or the server is told another address",
    "B25": "the path is changed on the way",
    "B26": "the socket's address is redirected",
    "B27": "a proxy changes the page's headers",
    "B29": "one end alone speaks the PROXY protocol",
    "B30": "http is spoken to a port for TLS, or the other way round",
    "B31": "a proxy redirects to an address of its own",
    "C1": "HTTP/2 is spoken to the server, and sockets cannot pass",
    "C3": "the subprotocol is lost",
    "C4": "a proxy promises compression that nobody offered",
    "C5": "the text of pages is rewritten",
    "C7": "long headers are refused",
    "C9": "bodies of unknown length are lost",
    "C12": "the server can be reached around its edge",
    "C18": "a proxy offers to change the protocol",
    "C20": "pages name addresses over http",
    "C22": "the query is lost",
    "C23": "a proxy that knows no sockets (IIS, LiteSpeed)",
    "C25": "a load balancer has no healthy target",
    "C27": "Authorization, HEAD or OPTIONS do not arrive",
    "C28": "the clocks differ",
}


def named() -> dict[str, Fault]:
    """All faults that tests show the doctor to name, by what the tests are called."""
    from test_doctor import CERTIFIED, FAULTS
    from test_doctor_simulated_edges import EDGES

    alone = {"a server at http:// and no local address": Fault("A13", [], set(), ""),
             "nginx: asked for past its edge": Fault("C12", [], set(), "")}
    return FAULTS | CERTIFIED | IDLE | {name: case.fault for name, case in EDGES.items()} | alone


def table() -> str:
    """In Markdown."""
    faults = named()
    assert {fault.row for fault in faults.values()} == set(ROWS)
    lines = ["| | what is wrong | proved with |", "| --- | --- | --- |"]
    for row, title in ROWS.items():
        by_kind: dict[str, list[str]] = {}
        for name, fault in faults.items():
            if fault.row == row:
                kind, _, what = name.rpartition(": ") if ": " in name else ("", "", name)
                by_kind.setdefault(kind, []).append(what)
        proofs = "; ".join((f"{kind}: " if kind else "") + ", ".join(names) for kind, names in by_kind.items())
        lines.append(f"| {row} | {title} | {proofs} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(table())
