"""A bot that answers "ping" with "pong", in all of its rooms.

    pip install requests websockets
    TOKEN=parley_pat_… python bot.py

The token needs account:read, messages:read and messages:write.
"""

import asyncio
import json
import os

import requests
import websockets

SERVER, TOKEN = "localhost:8080", os.environ["TOKEN"]
BEARER = {"Authorization": f"Bearer {TOKEN}"}


async def answer():
    me = requests.get(f"http://{SERVER}/api/auth/me/", headers=BEARER).json()["username"]
    async with websockets.connect(f"ws://{SERVER}/ws", additional_headers=BEARER) as socket:
        print(f"{me} is listening.", flush=True)
        async for text in socket:
            frame = json.loads(text)
            if frame["type"] != "chat_message" or frame["message"]["sender"]["username"] == me:
                continue
            if frame["message"]["text"] == "ping":
                await socket.send(json.dumps({"type": "chat_message", "room": frame["room"], "message": "pong"}))

asyncio.run(answer())
