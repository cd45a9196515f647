"""uWebSockets' native publish, through socketify: what is sent goes to everybody in the room of the address."""

import sys

from socketify import App, CompressOptions, OpCode

app = App()


def upgrade(response, request, context):
    response.upgrade(
        request.get_header("sec-websocket-key"), request.get_header("sec-websocket-protocol"),
        request.get_header("sec-websocket-extensions"), context, request.get_parameter(0))


app.ws("/room/:room", {
    "compression": CompressOptions.DISABLED,
    "max_payload_length": 1 << 20,
    "max_backpressure": 64 << 20,
    "idle_timeout": 120,
    "upgrade": upgrade,
    "open": lambda socket: socket.subscribe(socket.get_user_data()),
    "message": lambda socket, message, opcode: app.publish(socket.get_user_data(), message, OpCode.TEXT),
})
app.listen({"host": "127.0.0.1", "port": int(sys.argv[1])}, lambda config: print("ready", flush=True))
app.run()
