"""TLS for clients that read in one thread and write in another, as `websockets` does: Python's own sockets lose bytes
then, of TLS 1.3 most of all (python/cpython#77271), and the proxy waits for a request that was never sent."""

from __future__ import annotations

import selectors
import socket
import ssl
import threading

from .sockets import PATIENCE


def connect_securely(port: int, context: ssl.SSLContext, name: str = "localhost") -> socket.socket:
    """A plain socket to what is said over TLS with a port of this machine."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    secure = context.wrap_socket(connection, server_hostname=name)
    with socket.create_server(("127.0.0.1", 0)) as meeting:
        near = socket.create_connection(meeting.getsockname())
        far, _ = meeting.accept()
    threading.Thread(target=relay, args=[secure, far], daemon=True).start()
    return near


def relay(secure: ssl.SSLSocket, plain: socket.socket) -> None:
    """One thread reads and writes; it ends when either side does."""
    with secure, plain, selectors.DefaultSelector() as ready:
        ready.register(secure, selectors.EVENT_READ)
        ready.register(plain, selectors.EVENT_READ)
        try:
            while True:
                for key, _ in ready.select():
                    if key.fileobj is plain:
                        secure.settimeout(PATIENCE)
                        if not (data := plain.recv(65_536)):
                            return
                        secure.sendall(data)
                    elif not pass_on(secure, plain):
                        return
        except OSError:
            return


def pass_on(secure: ssl.SSLSocket, plain: socket.socket) -> bool:
    """All that is there now; whether there may be more later."""
    secure.setblocking(False)
    try:
        while data := secure.recv(65_536):
            plain.sendall(data)
    except ssl.SSLWantReadError:
        return True
    return False
