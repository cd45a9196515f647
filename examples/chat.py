"""Says hello in the lobby of a Parley server with demo data, and prints what comes back.

    pip install requests websockets
    python chat.py
"""

import asyncio
import json

import requests
import websockets

# 1. Get a token.
login_response = requests.post(
    'http://localhost:8080/api/auth/login/',
    json={'username': 'titania', 'password': 'faerie123'}
)
token = login_response.json()['access']


# 2. Connect with it.
async def test_chat():
    uri = "ws://localhost:8080/ws/chat/lobby/"

    async with websockets.connect(
        uri,
        subprotocols=['Bearer', token]
    ) as websocket:
        print("✅ Connected!")

        # Send a message.
        await websocket.send(json.dumps({
            'type': 'chat_message',
            'message': 'Hello from Python!'
        }))

        # Everybody in the room receives it, the sender as well.
        response = await websocket.recv()
        print(f"📨 Received: {response}")

asyncio.run(test_chat())
