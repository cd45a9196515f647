"""Who is kept out by address, and how the operator is told: of the visitor whom the front door found, not of the proxy."""

from __future__ import annotations

import requests
from support import api
from support.handshake import upgrade
from support.server import run

INSIDE, OUTSIDE = "198.51.100.7", "203.0.113.9"


def listed(make_server, **lists: str):
    """A server whose proxy, on loopback, says whom it speaks for."""
    return make_server(**lists)


def ask(server, method: str, path: str, address: str | None, session=requests, **options) -> requests.Response:
    headers = {"Origin": server.url} | ({"X-Forwarded-For": f"{INSIDE}, {address}"} if address else {})
    return session.request(
        method, server.url + path, headers=headers | options.pop("headers", {}), timeout=15, allow_redirects=False,
        **options)


def refused(answer: requests.Response) -> bool:
    return answer.status_code == 403 and api.problem(answer)["code"] == "address_refused"


def test_nobody_signs_in_from_outside_the_list_by_any_way_and_whoever_is_in_stays(make_server):
    server = listed(make_server, sign_in_allow=f"{INSIDE},2001:db8::/32", sign_in_deny="2001:db8:bad::/48")
    body = {"username": "titania", "password": api.DEMO_PASSWORD}
    for way, options in {
        "/api/auth/login/": {"json": body}, "/api/auth/register/": {"json": {**body, "username": "somebody"}},
        "/api/auth/refresh/": {"json": {"refresh": "x"}}, "/accounts/login/": {"data": body},
        "/accounts/login/code/": {"data": {"code": "1"}}, "/accounts/register/": {"data": body},
        "//accounts//login": {"data": body}, "/setup/": {"data": body},
    }.items():
        assert refused(ask(server, "POST", way, OUTSIDE, **options)), way
        assert refused(ask(server, "POST", way, "2001:db8:bad::1", **options)), way
        assert not refused_softly(ask(server, "POST", way, INSIDE, **options)), way
    assert refused(ask(server, "GET", "/accounts/login/", OUTSIDE))
    tokens = ask(server, "POST", "/api/auth/login/", "2001:db8::7", json=body).json()
    token = {"Authorization": f"Bearer {tokens['access']}"}
    assert ask(server, "GET", "/api/rooms/", OUTSIDE, headers=token).status_code == 200
    assert ask(server, "POST", "/api/auth/logout/", OUTSIDE, headers=token).status_code == 204
    lines = [line for line in server.log.splitlines() if "an access list kept somebody out" in line]
    assert len([line for line in lines if f"address={OUTSIDE}" in line]) == 1, "one line an hour for each address"
    assert "sign-in-allow" in lines[0] and "area=sign-in" in lines[0]


def refused_softly(answer: requests.Response) -> bool:
    return "address_refused" in answer.text


def test_whoever_cannot_be_told_apart_is_kept_out(make_server):
    server = listed(make_server, sign_in_deny=OUTSIDE, trusted_proxies="loopback")
    body = {"username": "titania", "password": api.DEMO_PASSWORD}
    nonsense = {"X-Forwarded-For": "nonsense"}
    assert refused(ask(server, "POST", "/api/auth/login/", None, json=body, headers=nonsense))
    assert ask(server, "POST", "/api/auth/login/", None, json=body).status_code == 200, "loopback itself"


def test_the_operators_pages_are_kept_from_administrators_who_are_elsewhere(make_server):
    server = listed(make_server, admin_allow=f"loopback,{INSIDE}")
    session = requests.Session()
    body = {"username": "admin", "password": api.DEMO_PASSWORD}
    assert ask(server, "POST", "/accounts/login/", OUTSIDE, session, data=body).status_code == 303
    routes = [line.split() for line in run("routes", "--data-dir", server.data).stdout.splitlines()]
    guarded = [(method, path) for method, path in routes if path.startswith("/admin")]
    assert len(guarded) > 10
    for method, path in guarded:
        path = path.replace("{", "").replace("}", "")
        for way in (path, "//" + path[1:] + "/"):
            answer = ask(server, method, way, OUTSIDE, session)
            assert answer.status_code == 403 and (method == "HEAD" or refused(answer)), way
    for path in ("people", "audit", "sessions", "settings", "health", "front-door"):
        assert ask(server, "GET", f"/admin/{path}/", INSIDE, session).status_code == 200
        assert ask(server, "GET", f"/admin/{path}/", None, session).status_code == 200
    for method, path in [("POST", "/people/puck/"), ("PUT", "/api/users/puck/suspension/"),
                         ("DELETE", "/api/users/puck/suspension")]:
        assert refused(ask(server, method, path, OUTSIDE, session, data={"do": "suspend", "seconds": "60"})), path
    assert ask(server, "GET", "/people/puck/", OUTSIDE, session).status_code == 200
    assert ask(server, "GET", "/rooms/", OUTSIDE, session).status_code == 200
    page = ask(server, "GET", "/admin/people/", OUTSIDE, session, headers={"Accept": "text/html"})
    assert page.status_code == 403 and "from where you are" in page.text


def test_sockets_and_what_stands_in_for_them_are_kept_from_those_who_are_elsewhere(make_server):
    server = listed(make_server, socket_deny="203.0.113.0/24")
    person = api.sign_in(server.url, "puck")
    token = {"Authorization": f"Bearer {person.access}"}

    def handshake(address: str):
        return upgrade(server.port, "/ws", token | {"X-Forwarded-For": address})

    assert handshake(OUTSIDE).status == 403
    assert handshake("::ffff:203.0.113.9").status == 403
    assert handshake(INSIDE).status == 101
    assert refused(ask(server, "POST", "/api/events/", OUTSIDE, headers=token))
    assert ask(server, "POST", "/api/events/", INSIDE, headers=token).status_code == 201
    assert "area=socket" in server.log


def test_a_list_that_keeps_the_operator_out_is_told_at_the_start_and_by_the_doctor(make_server, tmp_path):
    server = listed(make_server, admin_allow="203.0.113.0/24")
    assert "an access list keeps out loopback and private addresses" in server.log
    assert "admin-allow" in server.log
    found = run("doctor", "--data-dir", tmp_path, check=False, PARLEY_ADMIN_ALLOW="203.0.113.0/24").stdout
    assert "keep loopback and private addresses from: admin" in found
    found = run("doctor", "--data-dir", tmp_path, check=False, PARLEY_ADMIN_ALLOW="private").stdout
    assert "keep loopback" not in found


def test_a_malformed_list_stops_the_start(tmp_path):
    for value in ("10.0.0.0/33", "nowhere", "unix"):
        done = run("settings", "--data-dir", tmp_path, check=False, PARLEY_SIGN_IN_ALLOW=value)
        assert done.returncode == 1 and "sign-in-allow" in done.stderr
