"""What every address answers to whom, and every real-time command. The one place where that is expected; docs/moderation.md
says it in words.

Columns are those of `support.walk`: signed-out, guest, member, moderator, admin; about a room also room-member, room-moderator,
room-owner, where those before are not in the room. A page sends who is signed out to sign in: 303."""

from __future__ import annotations

from support.walk import PASSWORD, unused

ON_THE_SERVER = {
    "GET /": "303 303 303 303 303",
    "GET /accounts/login/": "200 303 303 303 303",
    "POST /accounts/login/": "401 401 401 401 401",
    "GET /accounts/login/code/": "303 303 303 303 303",
    "POST /accounts/login/code/": "303 303 303 303 303",
    "POST /accounts/logout/": "303 303 303 303 303",
    "GET /accounts/register/": "200 200 200 200 200",
    "POST /accounts/register/": "303 303 303 303 303",
    "GET /admin/": "303 403 403 303 303",
    "GET /admin/audit.jsonl": "303 403 403 403 200",
    "GET /admin/audit/": "303 403 403 403 200",
    "GET /admin/front-door/": "303 403 403 403 200",
    "POST /admin/front-door/": "303 403 403 403 303",
    "GET /admin/invitations/": "303 403 403 200 200",
    "POST /admin/invitations/": "303 403 403 200 200",
    "POST /admin/invitations/{id}/revoke/": "303 403 403 404 303",
    "GET /admin/people/": "303 403 403 403 200",
    "POST /admin/people/{username}/": "303 403 403 403 303",
    "GET /admin/reports/": "303 403 403 200 200",
    "GET /admin/rooms/": "303 403 403 200 200",
    "POST /api/auth/login/": "401 401 401 401 401",
    "POST /api/auth/logout/": "401 204 204 204 204",
    "GET /api/auth/me/": "401 200 200 200 200",
    "POST /api/auth/refresh/": "401 401 401 401 401",
    "POST /api/auth/register/": "201 201 201 201 201",
    "POST /api/auth/ws-ticket/": "401 201 201 201 201",
    "POST /api/direct/": "401 403 200 200 200",
    "GET /api/doctor/": "404 404 404 404 404",
    "POST /api/doctor/": "404 404 404 404 404",
    "GET /api/doctor/page/": "404 404 404 404 404",
    "GET /api/doctor/stream/": "404 404 404 404 404",
    "POST /api/events/": "401 201 201 201 201",
    "DELETE /api/events/{stream}/": "401 404 404 404 404",
    "GET /api/events/{stream}/": "401 404 404 404 404",
    "POST /api/events/{stream}/": "401 404 404 404 404",
    "GET /api/health/": "200 200 200 200 200",
    "GET /api/openapi.json": "200 200 200 200 200",
    "GET /api/presence/": "401 200 200 200 200",
    "GET /api/reports/": "401 200 200 200 200",
    "GET /api/rooms/": "401 200 200 200 200",
    "POST /api/rooms/": "401 403 201 201 201",
    "GET /api/users/": "401 403 200 200 200",
    "DELETE /api/users/{username}/suspension/": "401 403 403 204 204",
    "PUT /api/users/{username}/suspension/": "401 403 403 204 204",
    "POST /direct/": "303 403 303 303 303",
    "GET /favicon.ico": "200 200 200 200 200",
    "GET /login/": "303 303 303 303 303",
    "GET /profile/": "303 200 200 200 200",
    "POST /profile/": "303 303 303 303 303",
    "POST /profile/password/": "303 303 303 303 303",
    "POST /profile/sessions/end/": "303 303 303 303 303",
    "POST /profile/sessions/{id}/end/": "303 404 404 404 404",
    "GET /profile/two-factor/": "303 200 200 200 200",
    "POST /profile/two-factor/": "303 422 422 422 422",
    "POST /profile/two-factor/codes/": "303 401 401 401 401",
    "POST /profile/two-factor/off/": "303 422 422 422 422",
    "GET /register/": "303 303 303 303 303",
    "GET /rooms/": "303 200 200 200 200",
    "POST /rooms/": "303 403 303 303 303",
    "GET /setup/": "404 404 404 404 404",
    "POST /setup/": "404 404 404 404 404",
    "GET /static/**": "200 200 200 200 200",
    "GET /ws/": "426 426 426 426 426",
    "GET /ws/chat/{slug}/": "426 426 426 426 426",
}
# In a public room, and in a private one.
ON_ROOMS = {
    "POST /admin/reports/{id}/": ("303 403 403 200 200 403 403 403", "303 403 403 200 200 403 403 403"),
    "POST /api/reports/{id}/dismiss/": ("401 404 404 204 204 404 204 204", "401 404 404 204 204 404 204 204"),
    "POST /api/reports/{id}/resolve/": ("401 404 404 204 204 404 204 204", "401 404 404 204 204 404 204 204"),
    "GET /api/rooms/{slug}/": ("401 404 200 200 200 200 200 200", "401 404 404 404 404 200 200 200"),
    "PATCH /api/rooms/{slug}/": ("401 404 403 200 200 403 200 200", "401 404 404 404 404 403 200 200"),
    "GET /api/rooms/{slug}/bans/": ("401 404 403 200 200 403 200 200", "401 404 404 404 404 403 200 200"),
    "DELETE /api/rooms/{slug}/bans/{username}/": (
        "401 404 403 204 204 403 204 204",
        "401 404 404 404 404 403 204 204"),
    "PUT /api/rooms/{slug}/bans/{username}/": ("401 404 403 204 204 403 204 204", "401 404 404 404 404 403 204 204"),
    "POST /api/rooms/{slug}/invite/": ("401 403 403 403 403 200 200 200", "401 403 404 404 404 200 200 200"),
    "POST /api/rooms/{slug}/join/": ("401 403 200 200 200 200 200 200", "401 403 404 404 404 200 200 200"),
    "POST /api/rooms/{slug}/leave/": ("401 404 204 204 204 204 204 204", "401 404 404 404 404 204 204 204"),
    "GET /api/rooms/{slug}/members/": ("401 404 403 200 200 200 200 200", "401 404 404 404 404 200 200 200"),
    "POST /api/rooms/{slug}/members/{username}/kick/": (
        "401 404 403 204 204 403 204 204",
        "401 404 404 404 404 403 204 204"),
    "PUT /api/rooms/{slug}/members/{username}/role/": (
        "401 404 403 403 204 403 403 204",
        "401 404 404 404 404 403 403 204"),
    "GET /api/rooms/{slug}/messages/": ("401 404 403 403 403 200 200 200", "401 404 404 404 404 200 200 200"),
    "POST /api/rooms/{slug}/messages/": ("401 404 403 403 403 201 201 201", "401 404 404 404 404 201 201 201"),
    "DELETE /api/rooms/{slug}/messages/{seq}/": ("401 404 403 204 204 403 204 204", "401 404 404 404 404 403 204 204"),
    "POST /api/rooms/{slug}/messages/{seq}/report/": (
        "401 404 403 403 403 204 204 204",
        "401 404 404 404 404 204 204 204"),
    "GET /api/rooms/{slug}/mutes/": ("401 404 403 200 200 403 200 200", "401 404 404 404 404 403 200 200"),
    "DELETE /api/rooms/{slug}/mutes/{username}/": (
        "401 404 403 204 204 403 204 204",
        "401 404 404 404 404 403 204 204"),
    "PUT /api/rooms/{slug}/mutes/{username}/": ("401 404 403 204 204 403 204 204", "401 404 404 404 404 403 204 204"),
    "POST /api/rooms/{slug}/read/": ("401 404 403 403 403 200 200 200", "401 404 404 404 404 200 200 200"),
    "GET /chat/{slug}/": ("303 404 200 200 200 200 200 200", "303 404 404 404 404 200 200 200"),
    "POST /chat/{slug}/": ("303 404 403 403 403 303 303 303", "303 404 404 404 404 303 303 303"),
    "POST /rooms/{slug}/invite/": ("303 403 403 403 403 200 200 200", "303 403 404 404 404 200 200 200"),
    "POST /rooms/{slug}/join/": ("303 403 303 303 303 303 303 303", "303 403 404 404 404 303 303 303"),
    "POST /rooms/{slug}/leave/": ("303 404 303 303 303 303 303 303", "303 404 404 404 404 303 303 303"),
    "POST /rooms/{slug}/members/{username}/": ("303 404 403 200 200 403 200 200", "303 404 404 404 404 403 200 200"),
    "GET /rooms/{slug}/messages/{seq}/": ("303 404 403 403 403 200 200 200", "303 404 404 404 404 200 200 200"),
    "POST /rooms/{slug}/messages/{seq}/": ("303 404 403 303 303 403 303 303", "303 404 404 404 404 403 303 303"),
    "POST /rooms/{slug}/reports/{id}/": ("303 404 403 200 200 404 200 200", "303 404 404 404 404 404 200 200"),
    "GET /rooms/{slug}/settings/": ("303 404 403 200 200 200 200 200", "303 404 404 404 404 200 200 200"),
    "POST /rooms/{slug}/settings/": ("303 404 403 200 200 403 200 200", "303 404 404 404 404 403 200 200"),
}
# Without the signed-out, who have no socket: they are refused before it opens.
SIGNED_IN = " ".join(["already_authenticated"] * 7)
COMMANDS = {
    "chat_message": (
        "room_not_found not_a_member not_a_member not_a_member ok ok ok",
        "room_not_found room_not_found room_not_found room_not_found ok ok ok"),
    "read": (
        "room_not_found not_a_member not_a_member not_a_member ok ok ok",
        "room_not_found room_not_found room_not_found room_not_found ok ok ok"),
    "resume": (
        "room_not_found not_a_member not_a_member not_a_member ok ok ok",
        "room_not_found room_not_found room_not_found room_not_found ok ok ok"),
    "typing": (
        "room_not_found room_not_found room_not_found room_not_found ok ok ok",
        "room_not_found room_not_found room_not_found room_not_found ok ok ok"),
    "ping": ("ok ok ok ok ok ok ok", "ok ok ok ok ok ok ok"),
    "authenticate": (SIGNED_IN, SIGNED_IN),
}

# What is sent; nothing where it is not here. Of an address that asks for more than a role, what it needs to come that far.
BODIES = {
    "POST /accounts/login/": lambda: {"username": "walker-member", "password": "wrong"},
    "POST /accounts/register/": lambda: {"username": unused(), "password": PASSWORD},
    "POST /rooms/": lambda: {"name": "A room"},
    "POST /rooms/{slug}/invite/": lambda: {"username": "walker-newcomer"},
    "POST /direct/": lambda: {"usernames": "walker-newcomer"},
    "POST /chat/{slug}/": lambda: {"message": "hello"},
    "POST /profile/": lambda: {"name": "Somebody"},
    "POST /profile/password/": lambda: {"current": PASSWORD, "password": PASSWORD},
    "POST /rooms/{slug}/settings/": lambda: {"name": "A name", "topic": "", "slowSeconds": "0"},
    "POST /rooms/{slug}/members/{username}/": lambda: {"do": "mute", "seconds": "60"},
    "POST /rooms/{slug}/reports/{id}/": lambda: {"do": "dismiss"},
    "POST /rooms/{slug}/messages/{seq}/": lambda: {"do": "remove"},
    "POST /admin/reports/{id}/": lambda: {"do": "dismiss"},
    "POST /admin/people/{username}/": lambda: {"do": "role", "role": "member"},
    "POST /admin/invitations/": lambda: {"days": "1", "usesMax": "1", "role": "member"},
    "POST /api/auth/login/": lambda: {"username": "walker-member", "password": "wrong"},
    "POST /api/auth/register/": lambda: {"username": unused(), "password": PASSWORD},
    "POST /api/auth/refresh/": lambda: {"refresh": "nothing"},
    "POST /api/rooms/": lambda: {"name": "A room"},
    "PATCH /api/rooms/{slug}/": lambda: {"isLocked": False},
    "POST /api/rooms/{slug}/invite/": lambda: {"username": "walker-newcomer"},
    "POST /api/rooms/{slug}/messages/": lambda: {"text": "hello"},
    "POST /api/rooms/{slug}/messages/{seq}/report/": lambda: {"reason": "rude"},
    "POST /api/rooms/{slug}/read/": lambda: {"seq": 1},
    "PUT /api/rooms/{slug}/members/{username}/role/": lambda: {"role": "moderator"},
    "PUT /api/rooms/{slug}/bans/{username}/": lambda: {"seconds": 60},
    "PUT /api/rooms/{slug}/mutes/{username}/": lambda: {"seconds": 60},
    "PUT /api/users/{username}/suspension/": lambda: {"seconds": 60},
    "POST /api/direct/": lambda: {"usernames": ["walker-newcomer"]},
    "POST /api/events/{stream}/": lambda: {"type": "ping"},
}


def command_frame(command: str, slug: str) -> dict:
    """A frame of this type about a room."""
    return {"type": command} | {
        "chat_message": {"room": slug, "message": "hello"},
        "read": {"room": slug, "seq": 1},
        "resume": {"room": slug, "epoch": "none", "seq": 0},
        "typing": {"room": slug},
        "authenticate": {"token": "none"},
        "ping": {},
    }[command]
