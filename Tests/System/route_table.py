"""What every address answers to whom, and every real-time command. The one place where that is expected; docs/moderation.md
says it in words.

Columns are those of `support.walk`: signed-out, guest, member, moderator, admin; about a room also room-member, room-moderator,
room-owner, where those before are not in the room. A page sends who is signed out to sign in: 303."""

from __future__ import annotations

from support.walk import PASSWORD, unused

ON_THE_SERVER = {}
ON_ROOMS = {}
COMMANDS = {}

# What is sent; nothing where it is not here. Of an address that asks for more than a role, what it needs to come that far.
BODIES = {
    "POST /accounts/login/": lambda: {"username": "walker-member", "password": "wrong"},
    "POST /accounts/register/": lambda: {"username": unused(), "password": PASSWORD},
    "POST /rooms/": lambda: {"name": "A room"},
    "POST /rooms/{slug}/invite/": lambda: {"username": "walker-victim"},
    "POST /direct/": lambda: {"usernames": "walker-victim"},
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
    "POST /api/rooms/{slug}/invite/": lambda: {"username": "walker-victim"},
    "POST /api/rooms/{slug}/messages/": lambda: {"text": "hello"},
    "POST /api/rooms/{slug}/messages/{seq}/report/": lambda: {"reason": "rude"},
    "POST /api/rooms/{slug}/read/": lambda: {"seq": 1},
    "PUT /api/rooms/{slug}/members/{username}/role/": lambda: {"role": "moderator"},
    "PUT /api/rooms/{slug}/bans/{username}/": lambda: {"seconds": 60},
    "PUT /api/rooms/{slug}/mutes/{username}/": lambda: {"seconds": 60},
    "PUT /api/users/{username}/suspension/": lambda: {"seconds": 60},
    "POST /api/direct/": lambda: {"usernames": ["walker-victim"]},
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
