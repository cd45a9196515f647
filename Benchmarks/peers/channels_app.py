"""Django Channels with a Redis channel layer, for Daphne: what is sent goes to the group of the address."""

import os

from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import URLRouter
from django.conf import settings
from django.urls import path

settings.configure(
    SECRET_KEY="a benchmark keeps no secrets",
    INSTALLED_APPS=["channels"],
    CHANNEL_LAYERS={
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            # Each waiting socket holds a connection to Redis, of which the client allows 100 by itself.
            "CONFIG": {
                "hosts": [{"address": f"redis://127.0.0.1:{os.environ['REDIS_PORT']}", "max_connections": 18_000}],
                "capacity": 100_000,
            },
        }
    },
)


class Room(AsyncWebsocketConsumer):
    async def connect(self):
        self.room = f"room-{self.scope['url_route']['kwargs']['room']}"
        await self.channel_layer.group_add(self.room, self.channel_name)
        await self.accept()

    async def receive(self, text_data=None, bytes_data=None):
        await self.channel_layer.group_send(self.room, {"type": "said", "text": text_data})

    async def said(self, event):
        await self.send(text_data=event["text"])

    async def disconnect(self, code):
        await self.channel_layer.group_discard(self.room, self.channel_name)


def websockets_only(routes):
    async def app(scope, receive, send):
        if scope["type"] == "websocket":
            await routes(scope, receive, send)

    return app


application = websockets_only(URLRouter([path("room/<int:room>", Room.as_asgi())]))
