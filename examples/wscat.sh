#!/bin/bash
# Says hello in the lobby of a Parley server with demo data, and prints what is said there until Ctrl+C.
# Needs curl, jq and wscat (Debian: apt install curl jq node-ws).
set -euo pipefail

TOKEN=$(curl -s -X POST http://localhost:8080/api/auth/login/ \
    -H "Content-Type: application/json" \
    -d '{"username":"titania","password":"faerie123"}' | jq -r '.access')

# Without -x and -w, wscat sends what is typed, a frame a line.
exec wscat -c "ws://localhost:8080/ws/chat/lobby/" \
    -s Bearer -s "$TOKEN" \
    -x '{"type": "chat_message", "message": "Hello from wscat.sh"}' -w 600
