"""A server and the proxies in front of it, as one address."""

from __future__ import annotations

import ssl
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Iterator

from support.certificates import Authority
from configurations import Wanted, configuration
from proxies import Proxy
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
    server.url = server.public_url = f"https://localhost:{proxies[0].port}"
    with ExitStack() as ends:
        for proxy, upstream in zip(proxies, upstreams, strict=True):
            inner = proxy is not proxies[0]
            certificate = None if inner else authority.issue(proxy.folder)
            ends.callback(proxy.stop)
            proxy.start(configuration(proxy.kind, Wanted(proxy.port, upstream, certificate, inner)))
        ends.callback(server.stop)
        yield Site(server.start(), proxies, authority)
