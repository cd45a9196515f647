"""Mail, to a real mail server with TLS: what is enqueued arrives, whatever happens to either side meanwhile."""

from __future__ import annotations

import queue
import re
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Callable, Iterator

import pytest
from support import mailserver
from support.certificates import Authority, Certificate
from support.mailserver import PASSWORD, USERNAME, Behaviour, Delivery, MailServer
from support.server import CHECKOUT, Server, run

LOGIN = {"smtp_username": USERNAME, "smtp_password": PASSWORD}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def certificate(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return authority.issue(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def mail_server(certificate: Certificate) -> Iterator[MailServer]:
    with MailServer(certificate) as server:
        yield server


@pytest.fixture
def settings(authority: Authority) -> Callable[..., dict[str, str]]:
    """For a server whose mail goes to that mail server, and is tried again each second."""
    def make(server: MailServer, **more: str) -> dict[str, str]:
        return {
            "smtp_url": server.url, "mail_from": "Parley <chat@chat.test>", "smtp_authorities": str(authority.root),
            "smtp_seconds": "20", "mail_retry_seconds": "1", "mail_retry_seconds_max": "2",
        } | more
    return make


def variables(settings: dict[str, str]) -> dict[str, str]:
    return {f"PARLEY_{name.upper()}": value for name, value in settings.items()}


def mail_test(address: str, settings: dict[str, str], *options: object, check: bool = True):
    return run("mail", "test", address, *options, check=check, **variables(settings))


def enqueue(server: Server, address: str, settings: dict[str, str]) -> None:
    mail_test(address, settings, "--queued", "--data-dir", server.data)


def rows(server: Server) -> list[dict]:
    with closing(sqlite3.connect(f"file:{server.data}/parley.db?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute("SELECT * FROM mail ORDER BY id")]


def wait_for(server: Server, is_so: Callable[[list[dict]], bool], seconds: float = 30) -> list[dict]:
    """Waits for the queue's rows to be so: nothing else tells what the server noted."""
    until = time.monotonic() + seconds
    while not is_so(found := rows(server)):
        assert time.monotonic() < until, f"{found}\n{server.log[-3000:]}"
        time.sleep(0.05)  # There is no event to wait for: it is another process that writes.
    return found


def test_a_test_mail_arrives_over_starttls_signed_in_and_says_what_the_server_said(certificate, settings):
    with MailServer(certificate, wants_login=True) as mail_server:
        done = mail_test("Titania+x@Chat.test", settings(mail_server, **LOGIN))
        assert "250 2.0.0 Taken as number 42" in done.stdout and "Titania+x@chat.test" in done.stdout
        delivery = mail_server.take()
    assert delivery.was_secure and delivery.username == USERNAME
    assert (delivery.sender, delivery.recipients) == ("chat@chat.test", ["Titania+x@chat.test"])
    assert delivery.own_name == "localhost", "the name of the public URL"


def test_a_test_mail_arrives_over_tls_from_the_first_byte(certificate, settings):
    with MailServer(certificate, implicit=True, wants_login=True) as mail_server:
        mail_test("titania@chat.test", settings(mail_server, **LOGIN))
        delivery = mail_server.take()
    assert delivery.was_secure and delivery.username == USERNAME


def test_a_mail_is_text_and_html_that_any_reader_understands(mail_server, settings):
    mail_test("titania@bücher.example", settings(mail_server, mail_from="Pärley & Söhne <chat@chat.test>"))
    delivery = mail_server.take()
    message = delivery.message
    assert not message.defects and all(not part.defects for part in message.walk())
    assert message["From"].addresses[0].display_name == "Pärley & Söhne"
    assert message["To"].addresses[0].addr_spec == "titania@xn--bcher-kva.example"
    assert message["Auto-Submitted"] == "auto-generated" and message["Message-ID"].endswith("@chat.test>")
    assert abs(message["Date"].datetime.timestamp() - time.time()) < 60
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert "http://localhost:8080" in mailserver.plain(delivery)
    html = message.get_body(("html",)).get_content()
    assert '<a href="http://localhost:8080">' in html and "{{" not in html
    assert all(len(line) <= 78 for line in delivery.content.splitlines())
    assert delivery.content.isascii()


def test_a_wrong_password_is_refused_with_what_the_server_said_and_is_not_told(certificate, settings):
    with MailServer(certificate, wants_login=True) as mail_server:
        done = mail_test("titania@chat.test", settings(mail_server, **LOGIN | {"smtp_password": "hush-hush"}), check=False)
        missing = mail_test("titania@chat.test", settings(mail_server), check=False)
        assert mail_server.deliveries.empty()
    assert done.returncode == 1 and "535" in done.stderr and "smtp-password" in done.stderr
    assert "hush-hush" not in done.stdout + done.stderr
    assert missing.returncode == 1 and "530" in missing.stderr and "smtp-username" in missing.stderr


@pytest.mark.parametrize("implicit", [False, True], ids=["starttls", "tls"])
def test_a_certificate_that_is_not_trusted_or_of_another_name_gets_no_mail(
    authority, settings, tmp_path, implicit
):
    other = authority.issue(tmp_path, names="DNS:elsewhere.test")
    with MailServer(other, implicit=implicit) as mail_server:
        done = mail_test("titania@chat.test", settings(mail_server), check=False)
        assert done.returncode == 1 and "TLS" in done.stderr, done.stderr
    good = authority.issue(tmp_path)
    with MailServer(good, implicit=implicit) as mail_server:
        done = mail_test("titania@chat.test", settings(mail_server, smtp_authorities=""), check=False)
        assert done.returncode == 1 and "TLS" in done.stderr, done.stderr
        lax = settings(mail_server, smtp_authorities="", smtp_starttls="if-offered")
        assert mail_test("titania@chat.test", lax, check=False).returncode == 1, "what is offered is checked, too"
        assert mail_server.deliveries.empty()


def test_without_starttls_nothing_is_sent_unless_the_operator_says_so(settings):
    with MailServer() as mail_server:
        done = mail_test("titania@chat.test", settings(mail_server), check=False)
        assert done.returncode == 1 and "STARTTLS" in done.stderr and mail_server.deliveries.empty()
        for choice in ("if-offered", "never"):
            mail_test("titania@chat.test", settings(mail_server, smtp_starttls=choice))
            assert not mail_server.take().was_secure


@pytest.mark.parametrize("more, word", [
    ({"mail_from": ""}, "mail-from"), ({"mail_from": "Parley"}, "mail-from"),
    ({"mail_from": "A\r\nBcc: b@chat.test <a@chat.test>"}, "mail-from"),
    ({"smtp_username": "x"}, "smtp-password"), ({"smtp_url": "mail.chat.test"}, "smtp-url"),
    (LOGIN | {"smtp_starttls": "if-offered"}, "TLS"), (LOGIN | {"smtp_starttls": "never"}, "TLS"),
    ({"smtp_url": "smtp://me:hush-hush@mail.chat.test"}, "smtp-url"),
])
def test_settings_that_cannot_work_are_refused_by_name(settings, mail_server, more, word):
    done = mail_test("titania@chat.test", settings(mail_server, **more), check=False)
    assert done.returncode == 1 and word in done.stderr
    assert "hush-hush" not in done.stderr + run("settings", check=False, **variables(more)).stdout


def test_without_a_mail_server_it_says_which_settings_are_missing(tmp_path: Path):
    for options in ((), ("--queued", "--data-dir", tmp_path / "data")):
        done = run("mail", "test", "titania@chat.test", *options, check=False)
        assert done.returncode == 1 and "smtp-url" in done.stderr and "mail-from" in done.stderr
    assert not (tmp_path / "data").exists()
    said = run("mail", "queue", "--data-dir", tmp_path / "data").stdout
    assert "smtp-url" in said and "No mail waits." in said


@pytest.mark.parametrize("address", [
    "titania@chat.test\r\nBcc: puck@chat.test", "titania", "titania@chat.test\nRCPT TO:<puck@chat.test>", "",
    "титания@chat.test", "titania@chat.test> SIZE=1", "a@b@chat.test",
])
def test_an_address_that_is_none_is_refused_before_anybody_is_asked(mail_server, settings, address):
    done = mail_test(address, settings(mail_server), check=False)
    assert done.returncode != 0 and mail_server.tries.empty()


def test_a_server_that_says_no_is_quoted_without_what_a_terminal_would_obey(mail_server, settings):
    mail_server.behaviour.recipient = ["550 5.1.1 No \x1b[31msuch person"]
    done = mail_test("nobody@chat.test", settings(mail_server), check=False)
    assert done.returncode == 1 and "550 5.1.1 No" in done.stderr and "\x1b" not in done.stderr


def test_the_environments_proxy_is_not_used(mail_server, settings):
    proxies = {name: "http://127.0.0.1:1" for name in ("ALL_PROXY", "all_proxy", "http_proxy", "HTTPS_PROXY")}
    run("mail", "test", "titania@chat.test", **variables(settings(mail_server)), **proxies)
    assert mail_server.take()


def test_queued_mail_is_sent_by_the_running_server_once_and_its_text_erased(make_server, mail_server, settings):
    chosen = settings(mail_server)
    server = make_server(**chosen)
    enqueue(server, "titania@chat.test", chosen)
    delivery = mail_server.take()
    assert delivery.recipients == ["titania@chat.test"] and "This is a test mail" in mailserver.plain(delivery)
    [row] = wait_for(server, lambda found: found[0]["sentAt"] is not None)
    assert row["body"] is None and row["keyId"] is None and row["lastError"] is None
    assert "No mail waits." in run("mail", "queue", "--data-dir", server.data, **variables(chosen)).stdout
    # Whatever was to be sent twice would have been by now: the next one comes after it.
    enqueue(server, "oberon@chat.test", chosen)
    assert mail_server.take().recipients == ["oberon@chat.test"] and mail_server.deliveries.empty()
    assert "titania@chat.test" not in server.log and "oberon@chat.test" not in server.log


def test_a_mail_server_that_is_down_loses_nothing(make_server, mail_server, settings):
    mail_server.stop()
    chosen = settings(mail_server)
    server = make_server(**chosen)
    for name in ("titania", "oberon", "puck"):
        enqueue(server, f"{name}@chat.test", chosen)
    wait_for(server, lambda found: any(row["attempts"] >= 2 for row in found))
    said = run("mail", "queue", "--data-dir", server.data, **variables(chosen)).stdout
    assert said.count("waiting until") == 3 and "Nobody answers" in said
    server.stop()
    server.start()
    mail_server.start()
    assert {mail_server.take().recipients[0].split("@")[0] for _ in range(3)} == {"titania", "oberon", "puck"}
    wait_for(server, lambda found: all(row["sentAt"] for row in found))
    assert mail_server.deliveries.empty()


def test_a_no_for_now_is_tried_again_and_a_no_for_ever_never(make_server, mail_server, settings):
    mail_server.behaviour = Behaviour(recipient=["450 4.2.0 Come back later", "452 4.3.1 Not yet", ""],
                                      data=["451 4.3.0 Hm", ""])
    chosen = settings(mail_server)
    server = make_server(**chosen)
    enqueue(server, "titania@chat.test", chosen)
    mail_server.take(30)
    [row] = wait_for(server, lambda found: found[0]["sentAt"] is not None)
    assert row["attempts"] == 4
    mail_server.tries.queue.clear()
    mail_server.behaviour = Behaviour(recipient=["550 5.1.1 Nobody of that name", ""])
    enqueue(server, "nobody@chat.test", chosen)
    wait_for(server, lambda found: found[1]["failedAt"] is not None)
    mail_server.behaviour = Behaviour(data=["554 5.7.1 This is no mail", ""])
    enqueue(server, "picky@chat.test", chosen)
    wait_for(server, lambda found: found[2]["failedAt"] is not None)
    # Later than either would have been tried again.
    enqueue(server, "oberon@chat.test", chosen)
    assert mail_server.take().recipients == ["oberon@chat.test"]
    enqueue(server, "puck@chat.test", chosen)
    assert mail_server.take().recipients == ["puck@chat.test"]
    tried = [mail_server.tries.get() for _ in range(mail_server.tries.qsize())]
    assert sorted(tried) == sorted(f"{name}@chat.test" for name in ("nobody", "picky", "oberon", "puck"))
    said = run("mail", "queue", "--data-dir", server.data, **variables(chosen)).stdout
    assert "550 5.1.1 Nobody of that name" in said and "554 5.7.1" in said and said.count("given up") == 2
    assert all(row["body"] is None for row in rows(server))


def test_a_wrong_password_is_no_reason_to_lose_mail(make_server, certificate, settings):
    with MailServer(certificate, wants_login=True) as mail_server:
        server = make_server(**settings(mail_server, **LOGIN | {"smtp_password": "hush-hush"}))
        enqueue(server, "titania@chat.test", settings(mail_server))
        [row] = wait_for(server, lambda found: found[0]["attempts"] >= 1)
        assert row["failedAt"] is None and "535" in row["lastError"]
        server.stop()
        assert "hush-hush" not in server.log
        server.settings["PARLEY_SMTP_PASSWORD"] = PASSWORD
        server.start()
        assert mail_server.take().recipients == ["titania@chat.test"]


def test_killed_before_the_mail_server_answers_it_sends_again_with_the_same_id(make_server, mail_server, settings):
    chosen = settings(mail_server)
    server = make_server(**chosen)
    first: queue.Queue[Delivery] = queue.Queue()

    def kill(delivery: Delivery) -> None:
        server.kill()
        first.put(delivery)

    mail_server.behaviour.on_data = kill
    enqueue(server, "titania@chat.test", chosen)
    unanswered = first.get(timeout=20)
    assert rows(server)[0]["sentAt"] is None, "it could not have been noted"
    mail_server.behaviour.on_data = None
    server.start()
    second = mail_server.take()
    assert unanswered.message["Message-ID"] == second.message["Message-ID"]
    wait_for(server, lambda found: found[0]["sentAt"] is not None)
    assert mail_server.deliveries.empty()


def test_a_mail_server_that_hangs_keeps_nobody_from_ending_the_server(make_server, mail_server, settings):
    asked, let_go = threading.Event(), threading.Event()

    def hang(_):
        asked.set()
        let_go.wait(30)

    mail_server.behaviour.on_data = hang
    chosen = settings(mail_server)
    server = make_server(**chosen)
    enqueue(server, "titania@chat.test", chosen)
    assert asked.wait(20)
    begun = time.monotonic()
    server.stop()
    assert time.monotonic() - begun < 5, "cut off by the limit on ending"
    let_go.set()


def test_what_docs_say_of_settings_is_so():
    text = (CHECKOUT / "docs/mail.md").read_text(encoding="utf-8")
    known = run("settings").stdout
    for name in set(re.findall(r"PARLEY_[A-Z_]+", text)):
        assert name in known, name
