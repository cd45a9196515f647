import assert from "node:assert/strict"
import test from "node:test"
import { PollingReader } from "../js/event-reader.js"
import { FIRST_WORD_MS, HttpSocket } from "../js/http-socket.js"
import { FakeClock, settle } from "./fakes.js"

async function setUp({ opens = true, sends = true, closesEarly = false } = {}) {
  const clock = new FakeClock()
  /** @type {any[]} */
  const sent = []
  /** @type {string[]} */
  const closed = []
  /** @type {unknown[]} */
  const events = []
  const api = /** @type {any} */ ({
    openEvents: async () => {
      if (!opens) throw new Error("refused")
      return "s-1"
    },
    sendFrame: async (/** @type {string} */ _, /** @type {string} */ frame) => {
      if (!sends) throw new Error("gone")
      sent.push(JSON.parse(frame))
    },
    closeEvents: async (/** @type {string} */ stream) => closed.push(stream),
  })
  /** @type {import("../js/event-reader.js").Listener | undefined} */
  let listener
  const reader = { start: (/** @type {string} */ _, /** @type {any} */ given) => { listener = given }, stop() {} }
  const socket = new HttpSocket({ api, reader, clock })
  socket.onopen = () => events.push("open")
  socket.onmessage = (event) => events.push(JSON.parse(event.data))
  socket.onclose = (event) => events.push(event.code)
  if (closesEarly) socket.close()
  await settle()
  const says = (/** @type {unknown} */ frame) => listener?.onText(JSON.stringify(frame))
  return { clock, socket, sent, closed, events, says, loses: () => listener?.onLost() }
}

test("it is open with the server's first word, which is the answer to ours", async () => {
  const { events, says, sent } = await setUp()
  assert.deepEqual(sent, [{ type: "ping", id: "hello" }])
  assert.deepEqual(events, [])
  says({ type: "ok", re: "hello" })
  says({ type: "read", room: "lobby", seq: 3 })
  assert.deepEqual(events, ["open", { type: "read", room: "lobby", seq: 3 }])
})

test("without a word it has failed", async () => {
  const { clock, events } = await setUp()
  clock.advance(FIRST_WORD_MS)
  assert.deepEqual(events, [1006])
})

test("what cannot be opened, sent or read any more ends like a lost connection, once", async () => {
  assert.deepEqual((await setUp({ opens: false })).events, [1006])
  assert.deepEqual((await setUp({ sends: false })).events, [1006])
  const { events, loses, says } = await setUp()
  says({ type: "ok", re: "hello" })
  loses()
  loses()
  assert.deepEqual(events, ["open", 1006])
})

test("what we stop hearing is ended at the server, too, so that nobody seems to be there", async () => {
  const lost = await setUp()
  lost.loses()
  assert.deepEqual(lost.closed, ["s-1"])
  const mute = await setUp()
  mute.clock.advance(FIRST_WORD_MS)
  mute.socket.close()
  assert.deepEqual(mute.closed, ["s-1"], "once")
})

test("one that is closed while it is being opened leaves nothing behind", async () => {
  const { closed, events } = await setUp({ closesEarly: true })
  assert.deepEqual(closed, ["s-1"])
  assert.deepEqual(events, [])
})

test("frames go out one after another, in order", async () => {
  const { says, sent, socket } = await setUp()
  says({ type: "ok", re: "hello" })
  for (const seq of [1, 2, 3]) socket.send(JSON.stringify({ type: "read", seq }))
  await settle()
  assert.deepEqual(sent.slice(1).map((frame) => frame.seq), [1, 2, 3])
})

test("the server's close frame ends it with its code", async () => {
  const { closed, events, says, socket } = await setUp()
  says({ type: "ok", re: "hello" })
  says({ type: "close", code: 4103, reason: "session_ended" })
  socket.close()
  assert.deepEqual(events, ["open", 4103])
  assert.deepEqual(closed, [], "the server has ended it")
})

test("closing tells the server and is silent", async () => {
  const { closed, events, says, socket } = await setUp()
  says({ type: "ok", re: "hello" })
  socket.close()
  await settle()
  says({ type: "read", room: "lobby", seq: 3 })
  assert.deepEqual(closed, ["s-1"])
  assert.deepEqual(events, ["open"])
})

test("polling asks for what comes after the last that arrived, until it is stopped or fails", async () => {
  /** @type {number[]} */
  const asked = []
  const answers = [[{ id: 1, frame: { n: 1 } }, { id: 2, frame: { n: 2 } }], [], [{ id: 3, frame: { n: 3 } }]]
  const api = /** @type {any} */ ({
    pollEvents: async (/** @type {string} */ _, /** @type {number} */ after) => {
      asked.push(after)
      const answer = answers.shift()
      if (!answer) throw new Error("gone")
      return answer
    },
  })
  /** @type {string[]} */
  const texts = []
  let isLost = false
  new PollingReader(api).start("s-1", { onText: (text) => texts.push(text), onLost: () => { isLost = true } })
  await settle()
  assert.deepEqual(asked, [0, 2, 2, 3])
  assert.deepEqual(texts, ['{"n":1}', '{"n":2}', '{"n":3}'])
  assert.ok(isLost)
})
