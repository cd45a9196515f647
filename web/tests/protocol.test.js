import assert from "node:assert/strict"
import test from "node:test"
import { chatMessageFrame, closeAction, parseFrame, pingFrame, readFrame, stopSentence } from "../js/protocol.js"
import { message } from "./fakes.js"

test("a frame has only the fields that were given", () => {
  assert.deepEqual(chatMessageFrame({ room: "lobby", message: "Hello" }), { type: "chat_message", room: "lobby", message: "Hello" })
  assert.deepEqual(readFrame({ room: "lobby", seq: 7 }), { type: "read", room: "lobby", seq: 7 })
  assert.deepEqual(pingFrame({ id: "p" }), { type: "ping", id: "p" })
})

test("every frame of the protocol is understood", () => {
  const frames = [
    { type: "ok", re: "c-1", room: "lobby", seq: 3 },
    { type: "error", re: null, code: "invalid_json", message: "Not JSON.", temporary: false },
    { type: "chat_message", room: "lobby", seq: 3, message: message(3) },
    { type: "read", room: "lobby", seq: 3 },
    { type: "room_joined", room: { slug: "lobby", name: "Lobby" } },
    { type: "room_left", room: "lobby" },
  ]
  for (const frame of frames) assert.deepEqual(parseFrame(JSON.stringify(frame)), frame)
})

test("what is not understood is passed over, not thrown", () => {
  const strange = ["", "{", "null", "[]", "7", '{"type":"typing"}', '{"type":"read","room":"lobby"}',
    '{"type":"chat_message","room":"lobby","seq":1,"message":{"seq":1}}', '{"type":"ok"}']
  for (const data of strange) assert.equal(parseFrame(data), null, data)
  assert.equal(parseFrame(new ArrayBuffer(4)), null)
})

test("the hundred of a close code decides, also for codes of the future", () => {
  for (const code of [1000, 1001, 1005, 1006, 1011, 1012, 4000, 4001, 4099]) assert.equal(closeAction(code), "retry", String(code))
  for (const code of [4100, 4101, 4103, 4177]) assert.equal(closeAction(code), "sign-in", String(code))
  for (const code of [4200, 4201, 4299, 1002, 1008, 1009]) assert.equal(closeAction(code), "stop", String(code))
})

test("a stop is explained in a sentence", () => {
  for (const code of [1008, 4200, 4201, 4250]) assert.ok(stopSentence(code).endsWith("."))
})
