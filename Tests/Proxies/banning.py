"""A fail2ban of the test's own: Debian's configuration in a folder, and the files that Parley writes for it."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path
from typing import Callable

from configurations import generated
from support.server import clean_environment

ETC = Path("/etc/fail2ban")
PATIENCE = 30.0


class Fail2ban:
    """It bans by writing an address into a file."""

    def __init__(self, folder: Path, log: Path):
        self.folder, self.watched = folder, log
        self.log_path, self.banned_path = folder / "fail2ban.log", folder / "banned"
        self.process: subprocess.Popen[bytes] | None = None
        # Without its jail.d, where Debian watches over the machine's own sshd.
        shutil.copytree(ETC, folder, ignore=shutil.ignore_patterns("*.local", "jail.d", "fail2ban.d"))
        files = generated("fail2ban", folder / "generated", "--public-url", "https://chat.example.com")
        self.filter = folder / "filter.d/parley.conf"
        self.filter.write_text(files["filter.d/parley.conf"], encoding="utf-8")
        (folder / "jail.d").mkdir()
        (folder / "jail.d/parley.conf").write_text(self.adapted(files["jail.d/parley.conf"]), encoding="utf-8")
        (folder / "action.d/note.conf").write_text(
            f"[Definition]\nactionban = echo '<ip>' >> {self.banned_path}\n", encoding="utf-8")
        (folder / "fail2ban.local").write_text(f"[Definition]\ndbfile = {folder}/bans.sqlite3\n", encoding="utf-8")
        self.banned_path.touch()

    def adapted(self, jail: str) -> str:
        """The log is a file, three failures are enough, and nobody is really kept out."""
        for old, new in [
            ("\nbackend = systemd\n", f"\nbackend = polling\nlogpath = {self.watched}\naction = note\n"),
            ("\nmaxretry = 10\n", "\nmaxretry = 3\n"),
        ]:
            assert old in jail, f"the jail has no {old!r} any more:\n{jail}"
            jail = jail.replace(old, new)
        return jail

    def matches(self) -> list[str]:
        """The address of each line of the log that the filter takes for a failure, in the log's order."""
        done = subprocess.run(
            ["fail2ban-regex", "--out", "ip", str(self.watched), str(self.filter)],
            env=clean_environment(), capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    def __enter__(self) -> "Fail2ban":
        command = ["fail2ban-server", "-f", "-c", self.folder, "-s", self.folder / "socket", "-p", self.folder / "pid",
                   "--logtarget", self.log_path, "--loglevel", "INFO", "start"]
        with (self.folder / "output").open("ab") as output:
            self.process = subprocess.Popen(
                [str(part) for part in command], env=clean_environment(), stdin=subprocess.DEVNULL, stdout=output,
                stderr=output)
        try:
            self.wait_until(lambda: "Jail 'parley' started" in self.log())
        except AssertionError:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_) -> None:
        assert self.process
        self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def wait_until(self, condition: Callable[[], object]) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if condition():
                return
            assert self.process and self.process.poll() is None, f"fail2ban ended:\n{self.log()}"
            time.sleep(0.05)  # There is no event to wait for: it tells its files alone.
        raise AssertionError(f"it never came:\n{self.log()}")

    def log(self) -> str:
        return "".join(
            path.read_text(encoding="utf-8", errors="replace")
            for path in (self.folder / "output", self.log_path) if path.exists())

    def banned(self) -> list[str]:
        return self.banned_path.read_text(encoding="utf-8").split()
