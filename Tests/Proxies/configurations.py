"""What `parley proxy-config` writes for each proxy, adapted to a machine where tests run and nothing else changed.

`configuration` is the one function that the tests call: they prove what the command writes. What a test must have
otherwise (a port that is free instead of 80, a path below its own folder) is in `adaptations`, and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from support.certificates import Certificate
from support.server import run


@dataclass
class Wanted:
    """What a proxy is for: the public URL, the server or inner proxy behind it as HOST:PORT, and where it stands."""

    url: str
    port: int
    #: In place of port 80: there the edge sends people on to https.
    redirect_port: int
    upstream: str
    folder: Path
    #: At the edge, where TLS ends. Without one it is an inner proxy, and the outer one is on this machine.
    certificate: Certificate | None
    #: Where it is not the one that the command finds by itself.
    version: str | None = None

    @property
    def options(self) -> list[object]:
        place: list[object] = ["--without-tls", "--inner", "127.0.0.1"]
        if self.certificate:
            place = ["--certificate", self.certificate.chain, "--key", self.certificate.key]
        version = ["--proxy-version", self.version] if self.version else []
        return ["--public-url", self.url, "--listen", self.upstream, *place, *version]


def configuration(name: str, wanted: Wanted) -> dict[str, str]:
    """The files of `parley proxy-config NAME`, by their names."""
    files = generated(name, wanted.folder / "generated", *wanted.options)
    for file, old, new in adaptations(name, wanted):
        assert old in files[file], f"{file} of {name} has no {old!r} any more:\n{files[file]}"
        files[file] = files[file].replace(old, new)
    return files


def generated(name: str, folder: Path, *options: object) -> dict[str, str]:
    """What the command writes into a new folder, as it is."""
    run("proxy-config", name, "--output", folder, *options)
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in files}


def adaptations(name: str, wanted: Wanted) -> list[tuple[str, str, str]]:
    """File, what stands in it, what stands there instead."""
    # An inner proxy listens on 80 itself; at the edge that is where people are sent to https.
    web = wanted.redirect_port if wanted.certificate else wanted.port
    match name:
        case "nginx":
            return [
                ("parley.conf", "listen 80;", f"listen {web};"),
                ("parley.conf", "listen [::]:80;", f"listen [::]:{web};"),
            ]
        case "caddy":
            # At the edge it goes by Caddy's own `http_port`, which is in the frame around it.
            return [] if wanted.certificate else [("Caddyfile", "http://localhost {", f"http://localhost:{web} {{")]
        case "apache":
            return [("parley.conf", "<VirtualHost *:80>", f"<VirtualHost *:{web}>")]
        case "haproxy":
            return [
                ("haproxy.cfg", "bind :80\n", f"bind :{web}\n"),
                ("haproxy.cfg", "bind :::80 v6only\n", f"bind :::{web} v6only\n"),
                # So that a reload is felt at once.
                ("haproxy.cfg", "\nglobal\n", "\nglobal\n    hard-stop-after 1s\n"),
            ] + ([("haproxy.cfg", "/etc/haproxy/certs", str(wanted.folder))] if wanted.certificate else [])
        case "traefik":
            return [
                ("traefik.yml", 'address: ":80"', f'address: ":{web}"'),
                ("traefik.yml", "filename: /etc/traefik/", f"filename: {wanted.folder}/"),
            ]
    raise ValueError(name)
