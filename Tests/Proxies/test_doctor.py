"""The doctor is content with what `parley proxy-config` writes, and names each line that is broken, and no other.

All of it is what the real proxies do with that configuration, but where a name says that it is a simulation."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Callable

import pytest
from faults import UNSEEN, Fault, assert_it_names, broken, by_check, examine, wrong
from harmless import HARMLESS
from idle_faults import IDLE
from nginx_faults import NGINX
from other_faults import APACHE, CADDY, HAPROXY, TRAEFIK
from site_under_test import Site, are_installed
from support.certificates import Authority, Certificate
from support.server import Server, run

FAULTS = {
    f"{kind}: {name}": fault
    for kind, faults in (("nginx", NGINX), ("Apache", APACHE), ("Caddy", CADDY), ("HAProxy", HAPROXY), ("Traefik", TRAEFIK))
    for name, fault in faults.items()
}


def test_the_doctor_is_content_with_what_proxy_config_writes(site: Site):
    findings = by_check(examine(site.url, site.server, site.authority))
    assert not wrong(list(findings.values())), findings
    assert {check for check, finding in findings.items() if finding["severity"] == "untested"} <= UNSEEN, findings
    assert {"answer", "visitor", "scheme", "host", "query", "authorization", "chunks", "socket", "socket-headers", "headers",
            "html", "form", "stream", "upload", "firewall", "slash", "families"} <= set(findings)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_the_doctor_names_the_broken_line_and_no_other(fault: Fault, demo_data: Path, authority: Authority):
    with broken(fault, demo_data, authority) as (url, server, proxies):
        options = [option.replace("REDIRECT", str(proxies[0].redirect_port)) for option in fault.options]
        findings = examine(url, server, authority, *options, around=fault.around)
    assert_it_names(fault, findings)


@pytest.mark.parametrize("fault", HARMLESS.values(), ids=HARMLESS.keys())
def test_what_breaks_others_leaves_the_doctor_content(fault: Fault, demo_data: Path, authority: Authority):
    with broken(fault, demo_data, authority) as (url, server, _):
        findings = examine(url, server, authority)
    assert not wrong(findings), findings
    assert by_check(findings)["socket"]["severity"] == "ok"


@pytest.fixture(scope="module")
def silences(demo_data: Path, authority: Authority) -> dict[str, list[dict]]:
    """What the doctor finds of each, looked at side by side since it is waiting that takes the time."""

    there = {name: fault for name, fault in IDLE.items() if are_installed(fault.kinds)}
    with ExitStack() as ends, ThreadPoolExecutor(len(IDLE)) as pool:
        sites = {name: ends.enter_context(broken(fault, demo_data, authority)) for name, fault in there.items()}
        looks = {
            name: pool.submit(examine, url, server, authority, *IDLE[name].options)
            for name, (url, server, _) in sites.items()
        }
        return {name: look.result() for name, look in looks.items()}


@pytest.mark.parametrize("name", IDLE)
def test_what_cuts_off_the_silent_and_the_slow_is_named(name: str, silences: dict[str, list[dict]]):
    if name not in silences:
        pytest.skip(f"{name}: not installed")
    assert_it_names(IDLE[name], silences[name])


def test_a_proxy_that_believes_its_visitors_is_named(demo_data: Path, authority: Authority):
    """Looked at from 127.0.0.2, which is a visitor's address here: the proxy alone is trusted, at 127.0.0.1."""
    trusted = {"trusted_proxies": "127.0.0.1"}
    with broken(Fault("", [], set(), "", trusted), demo_data, authority) as (url, server, _):
        findings = examine(url.replace("localhost", "127.0.0.1"), server, authority, "--from", "127.0.0.2")
        assert by_check(findings)["forgery"]["severity"] == "ok", findings
    # What the visitor says is passed on as it is.
    believing = [("X-Forwarded-For $remote_addr;", "X-Forwarded-For $http_x_forwarded_for;")]
    with broken(Fault("", believing, set(), "", trusted), demo_data, authority) as (url, server, _):
        findings = examine(url.replace("localhost", "127.0.0.1"), server, authority, "--from", "127.0.0.2")
        assert by_check(findings)["visitor"]["severity"] == "failure", findings


def leaf_alone(authority: Authority, folder: Path) -> Certificate:
    made = authority.issue(folder)
    shutil.copy(made.leaf, made.chain)
    return made


def other_name(authority: Authority, folder: Path) -> Certificate:
    return authority.issue(folder, names="DNS:other.example")


CERTIFICATES = {
    "without its chain": ("A12", leaf_alone, {
        "nginx": "ssl_certificate …/fullchain.pem", "apache": "SSLCertificateFile …/fullchain.pem",
        "caddy": "tls …/fullchain.pem", "haproxy": "the file of crt has the chain", "traefik": "certFile: …/fullchain.pem"}),
    "for another name": ("B20", other_name, {"nginx": "get one for localhost"}),
    "expired": ("B20", lambda authority, folder: authority.issue(folder, days=-1), {"nginx": "renew it"}),
    "soon to end": ("B20", lambda authority, folder: authority.issue(folder, days=5), {"nginx": "certbot renew"}),
}
CERTIFIED = {
    f"{kind}: {name}": Fault(row, [], {"certificate"}, says, kinds=[kind], certify=certify)
    for name, (row, certify, kinds) in CERTIFICATES.items()
    for kind, says in kinds.items()
}


@pytest.mark.parametrize("fault", CERTIFIED.values(), ids=CERTIFIED.keys())
def test_a_certificate_is_named_that_phones_refuse(fault: Fault, demo_data: Path, authority: Authority):
    with broken(fault, demo_data, authority) as (url, server, _):
        findings = examine(url, server, authority)
    assert_it_names(fault, findings)


def test_a_public_address_without_tls_is_named(make_server: Callable[..., Server], authority: Authority):
    server = make_server()
    server.public_url = f"http://127.0.0.2:{server.port}"
    server.listen += f",127.0.0.2:{server.port}"
    findings = examine(server.public_url, server.start(), authority)
    assert_it_names(Fault("A13", [], {"certificate"}, "proxy-config nginx"), findings)


def test_without_a_key_the_server_tells_nothing_and_the_doctor_says_how_to_get_one(
    demo_data: Path, authority: Authority, tmp_path: Path
):
    with broken(Fault("", [], set(), ""), demo_data, authority) as (url, server, _):
        other = Server(tmp_path / "other", "doctor-other")
        run("migrate", "--data-dir", other.data)
        findings = by_check(examine(url, other, authority))
        assert wrong(list(findings.values())) == {"key"} and "parley doctor-key" in findings["key"]["cure"]
