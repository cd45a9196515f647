"""A certificate authority for the tests: a root, an intermediate, and leaves for the names of a chat on loopback."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

NAMES = "DNS:chat.test,DNS:localhost,IP:127.0.0.1"
AUTHORITY = "basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n"
LEAF = "basicConstraints=critical,CA:false\nextendedKeyUsage=serverAuth\nsubjectAltName={names}\n"


def openssl(*arguments: object) -> str:
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, f"openssl {arguments}: {done.stderr}"
    return done.stdout


@dataclass
class Certificate:
    """The files of one certificate. `chain` is what a proxy must be given: the leaf and the intermediate."""

    chain: Path
    leaf: Path
    #: Its name is the chain's and `.key`, where HAProxy looks for it by itself.
    key: Path

    def serial(self) -> str:
        return openssl("x509", "-in", self.leaf, "-noout", "-serial").strip()


class Authority:
    """Files in `folder`: the root that clients trust, and an intermediate of it that signs."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.root, self.intermediate = folder / "root.pem", folder / "intermediate.pem"
        self.sign("root", "root", "/CN=Parley test root", AUTHORITY)
        self.sign("intermediate", "root", "/CN=Parley test intermediate", AUTHORITY)

    def sign(self, name: str, by: str, subject: str, extensions: str, days: int = 30) -> None:
        """Makes NAME.key and NAME.pem; one that signs itself has its own name as `by`."""
        key, request, wanted = (self.folder / f"{name}.{end}" for end in ("key", "csr", "ext"))
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-keyout", key, "-out", request, "-subj", subject)
        wanted.write_text(extensions, encoding="utf-8")
        signer = ["-signkey", key] if by == name else [
            "-CA", self.folder / f"{by}.pem", "-CAkey", self.folder / f"{by}.key", "-CAcreateserial"]
        openssl("x509", "-req", "-in", request, "-days", days, "-extfile", wanted, *signer,
                "-out", self.folder / f"{name}.pem")

    def issue(self, folder: Path, names: str = NAMES, by: str = "intermediate", days: int = 30) -> Certificate:
        """A new certificate into `folder`, in place of the one that is there. By "root" it needs no intermediate."""
        self.sign("leaf", by, "/CN=chat.test", LEAF.format(names=names), days)
        made = Certificate(folder / "chain.pem", folder / "leaf.pem", folder / "chain.pem.key")
        leaf = (self.folder / "leaf.pem").read_text(encoding="utf-8")
        made.leaf.write_text(leaf, encoding="utf-8")
        if by == "intermediate":
            leaf += self.intermediate.read_text(encoding="utf-8")
        made.chain.write_text(leaf, encoding="utf-8")
        made.key.write_bytes((self.folder / "leaf.key").read_bytes())
        return made
