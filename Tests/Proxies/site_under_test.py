"""A server and the proxies in front of it, as one address."""

from __future__ import annotations

import shutil
import ssl
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

import pytest
from configurations import Wanted, configuration
from kinds import make
from proxies import Proxy
from support.certificates import Authority
from support.secure_pipe import connect_securely
from support.server import Server
from support.sockets import Socket


@dataclass
class Site:
    #: Its `url` is the public one: all that the tests ask of the server goes through the proxies.
    server: Server
    #: The outermost first.
    proxies: list[Proxy]
    authority: Authority

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def edge(self) -> Proxy:
        return self.proxies[0]

    @property
    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.authority.root))

    def socket(self, token: str | None = None, path: str = "/ws", **options) -> Socket:
        secure = connect_securely(self.edge.port, self.trust)
        # To the client the socket is plain; the name and the port that it asks for are the same.
        return Socket(self.url.replace("https:", "ws:"), token, path, sock=secure, **options)

    def renew_certificate(self) -> None:
        """What proxies are reloaded for all the time: a new certificate. Returns when new connections get it."""
        renewed = self.authority.issue(self.edge.folder)
        self.edge.reload()
        self.edge.wait_until_it_serves(renewed.leaf)


@contextmanager
def behind(proxies: list[Proxy], server: Server, authority: Authority) -> Iterator[Site]:
    """Starts the proxies and, with their address as its public URL, the server; ends them all."""
    upstreams = [*(f"127.0.0.1:{proxy.port}" for proxy in proxies[1:]), f"127.0.0.1:{server.port}"]
    url = server.url = server.public_url = f"https://localhost:{proxies[0].port}"
    with ExitStack() as ends:
        for proxy, upstream in zip(proxies, upstreams, strict=True):
            certificate = authority.issue(proxy.folder) if proxy is proxies[0] else None
            wanted = Wanted(
                url, proxy.port, proxy.redirect_port, upstream, proxy.folder, certificate, proxy.version)
            ends.callback(proxy.stop)
            proxy.start(configuration(proxy.kind, wanted))
        ends.callback(server.stop)
        yield Site(server.start(), proxies, authority)


def are_installed(kinds: list[str]) -> bool:
    """For tests of several sites at a time, of which one may be left out."""
    return all(make(kind, Path()).is_installed for kind in kinds)


@contextmanager
def installed(*kinds: str) -> Iterator[list[Proxy]]:
    """Proxies in folders of their own, not started yet; the test is skipped where one is not on this machine."""
    with ExitStack() as ends:
        proxies: list[Proxy] = []
        for kind in kinds:
            # Not one of pytest's own, into which only the owner gets: a proxy may have processes of another user.
            folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix=f"parley-{kind}-")))
            folder.chmod(0o755)
            proxies.append(make(kind, folder))
            if not proxies[-1].is_installed:
                pytest.skip(f"{kind} is not installed: dev/install proxies")
        yield proxies


@contextmanager
def site_behind(kinds: list[str], demo_data: Path, authority: Authority, **settings: str) -> Iterator[Site]:
    """A server of its own with the demo data, behind proxies of these kinds, the outermost first."""
    with installed(*kinds) as proxies, tempfile.TemporaryDirectory(prefix="parley-server-") as folder:
        data = shutil.copytree(demo_data, Path(folder) / "data")
        server = Server(data, f"behind-{'-'.join(kinds)}", **settings)
        with behind(proxies, server, authority) as site:
            yield site
