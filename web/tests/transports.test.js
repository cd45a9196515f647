import assert from "node:assert/strict"
import test from "node:test"
import { FAILURES_MAX, MEMORY_MS, MUTE_MS, Transports } from "../js/transports.js"
import { FakeClock, FakeSocket, FakeStorage, settle } from "./fakes.js"

function setUp({ isReachable = true, storage = new FakeStorage(), clock = new FakeClock() } = {}) {
  /** @type {{ name: string, socket: FakeSocket }[]} */
  const made = []
  const make = (/** @type {string} */ name) => () => {
    const socket = new FakeSocket()
    made.push({ name, socket })
    return socket
  }
  const transports = new Transports({
    makers: { websocket: make("websocket"), stream: make("stream"), polling: make("polling") },
    isReachable: async () => isReachable,
    storage,
    clock,
  })
  const open = () => {
    const outer = transports.open()
    const { name, socket } = /** @type {{ name: string, socket: FakeSocket }} */ (made[made.length - 1])
    return { outer, name, inner: socket }
  }
  const failTo = async (/** @type {string} */ wanted) => {
    for (let tries = 0; tries < 10 && transports.current !== wanted; tries += 1) {
      open().inner.closes(1006)
      await settle()
    }
  }
  return { clock, storage, transports, open, failTo }
}

test("a WebSocket is what is tried first, and again after one failure", async () => {
  const { open } = setUp()
  const first = open()
  first.inner.closes(1006)
  await settle()
  assert.equal(first.name, "websocket")
  assert.equal(open().name, "websocket")
})

test("one that never opens gives way to an event stream, and that to polling", async () => {
  const { open, transports } = setUp()
  for (const expected of ["websocket", "stream", "polling"]) {
    for (let failure = 0; failure < FAILURES_MAX; failure += 1) {
      const { name, inner } = open()
      assert.equal(name, expected)
      inner.closes(1006)
      await settle()
    }
  }
  assert.equal(transports.current, "websocket", "and from the last to the first")
})

test("one that opens and never says a word gives way at once", async () => {
  const { clock, open, transports } = setUp()
  const { inner, outer } = open()
  inner.opens()
  clock.advance(MUTE_MS)
  outer.close()
  await settle()
  assert.equal(transports.current, "stream")
})

test("one that is lost right after it opened was not mute", async () => {
  const { clock, open, transports } = setUp()
  for (let round = 0; round < 5; round += 1) {
    const { inner } = open()
    inner.opens()
    clock.advance(MUTE_MS - 1)
    inner.closes(1006)
    await settle()
  }
  assert.equal(transports.current, "websocket")
})

test("a server that is away says nothing about the ways to it", async () => {
  const { open, transports } = setUp({ isReachable: false })
  for (let failure = 0; failure < 10; failure += 1) {
    open().inner.closes(1006)
    await settle()
  }
  assert.equal(transports.current, "websocket")
})

test("a word from the server wipes earlier failures out", async () => {
  const { open, transports } = setUp()
  for (let round = 0; round < 5; round += 1) {
    open().inner.closes(1006)
    await settle()
    const { inner } = open()
    inner.opens()
    inner.says({ type: "ok", re: 1 })
    inner.closes(1006)
    await settle()
  }
  assert.equal(transports.current, "websocket")
})

test("what works is remembered for the tab, and for a while only", async () => {
  const { clock, storage, failTo } = setUp()
  await failTo("stream")
  assert.equal(setUp({ storage, clock }).open().name, "stream")
  clock.advance(MEMORY_MS)
  assert.equal(setUp({ storage, clock }).open().name, "websocket")
})

test("a page that is left on purpose teaches nothing", async () => {
  const { open, transports } = setUp()
  for (let round = 0; round < 5; round += 1) {
    open().outer.close(1000)
    await settle()
  }
  assert.equal(transports.current, "websocket")
})

test("frames and ends pass through unchanged", () => {
  const { open } = setUp()
  const { inner, outer } = open()
  /** @type {unknown[]} */
  const events = []
  outer.onopen = () => events.push("open")
  outer.onmessage = (event) => events.push(event.data)
  outer.onclose = (event) => events.push(event.code)
  inner.opens()
  inner.says({ type: "ok" })
  outer.send(JSON.stringify({ type: "ping" }))
  inner.closes(4103)
  assert.deepEqual(events, ["open", '{"type":"ok"}', 4103])
  assert.deepEqual(inner.sent, [{ type: "ping" }])
})
