import assert from "node:assert/strict"
import test from "node:test"
import { Connection, HANDSHAKE_MS, STABLE_MS } from "../js/connection.js"
import { ANSWER_MS, SILENCE_MS } from "../js/liveness.js"
import { FakeClock, FakeSocket, settle } from "./fakes.js"

function setUp({ isSignedOut = false } = {}) {
  const clock = new FakeClock()
  /** @type {FakeSocket[]} */
  const sockets = []
  /** @type {Parley.ConnectionState[]} */
  const states = []
  /** @type {Parley.ServerFrame[]} */
  const frames = []
  let probes = 0
  const connection = new Connection({
    open: () => {
      sockets.push(new FakeSocket())
      return socket()
    },
    isSignedOut: async () => {
      probes += 1
      return isSignedOut
    },
    onFrame: (frame) => frames.push(frame),
    onState: (state) => states.push(state),
    clock,
    random: () => 1,
  })
  const socket = () => /** @type {FakeSocket} */ (sockets[sockets.length - 1])
  connection.start()
  return { clock, connection, frames, sockets, states, socket, probes: () => probes }
}

test("frames go out only while the socket is open", () => {
  const { connection, socket } = setUp()
  assert.equal(connection.send({ type: "ping" }), false)
  socket().opens()
  assert.equal(connection.send({ type: "ping" }), true)
  assert.deepEqual(socket().sent, [{ type: "ping", id: "ping-1" }, { type: "ping" }])
  socket().closes(1006)
  assert.equal(connection.send({ type: "ping" }), false)
})

test("known frames come in, others are passed over", () => {
  const { frames, socket } = setUp()
  socket().opens()
  socket().says({ type: "room_left", room: "lobby" })
  socket().says({ type: "from_the_future" })
  assert.deepEqual(frames, [{ type: "room_left", room: "lobby" }])
})

test("a lost connection is tried again after a wait that grows", () => {
  const { clock, connection, sockets, socket } = setUp()
  socket().closes(1006)
  assert.deepEqual(connection.state, { name: "waiting", retryAt: 500 })
  clock.advance(499)
  assert.equal(sockets.length, 1)
  clock.advance(1)
  assert.equal(sockets.length, 2)
  socket().closes(1006)
  assert.deepEqual(connection.state, { name: "waiting", retryAt: 500 + 1000 })
})

test("the wait grows also when the server accepts and then closes at once", () => {
  const { clock, connection, socket } = setUp()
  for (const wait of [500, 1000, 2000]) {
    socket().opens()
    const before = clock.now()
    socket().closes(4000)
    assert.deepEqual(connection.state, { name: "waiting", retryAt: before + wait })
    clock.advance(wait)
  }
})

test("after a connection that lasted, the wait is short again", () => {
  const { clock, connection, socket } = setUp()
  socket().closes(1006)
  clock.advance(500)
  socket().opens()
  clock.advance(STABLE_MS)
  socket().closes(1001)
  assert.deepEqual(connection.state, { name: "waiting", retryAt: clock.now() + 500 })
})

test("a handshake that hangs is given up", () => {
  const { clock, connection, sockets } = setUp()
  clock.advance(HANDSHAKE_MS)
  assert.equal(connection.state.name, "waiting")
  assert.ok(sockets[0]?.isClosed)
})

test("when the network is back there is no more waiting", () => {
  const { connection, sockets, socket } = setUp()
  socket().closes(1006)
  connection.retryNow()
  assert.equal(sockets.length, 2)
  connection.retryNow()
  assert.equal(sockets.length, 2, "one try at a time")
})

test("a socket that opens and says nothing is given up", () => {
  const { clock, connection, sockets, socket } = setUp()
  socket().opens()
  assert.deepEqual(socket().sent, [{ type: "ping", id: "ping-1" }], "asked at once")
  clock.advance(ANSWER_MS)
  assert.equal(connection.state.name, "waiting")
  assert.ok(sockets[0]?.isClosed)
})

test("silence is answered with a ping, and a missing answer with a new connection", () => {
  const { clock, connection, sockets, socket } = setUp()
  socket().opens()
  socket().says({ type: "ok", re: "ping-1" })
  clock.advance(SILENCE_MS)
  assert.deepEqual(socket().sent, [1, 2].map((number) => ({ type: "ping", id: `ping-${number}` })))
  clock.advance(ANSWER_MS)
  assert.equal(connection.state.name, "waiting")
  assert.ok(sockets[0]?.isClosed)
  sockets[0]?.closes(1006)
  assert.equal(connection.state.name, "waiting", "the late close of a dead socket changes nothing")
})

test("an answered ping keeps the connection", () => {
  const { clock, connection, socket } = setUp()
  socket().opens()
  for (let round = 1; round <= 5; round += 1) {
    assert.equal(socket().sent.length, round)
    socket().says({ type: "ok", re: `ping-${round}` })
    clock.advance(SILENCE_MS)
  }
  assert.equal(connection.state.name, "open")
})

test("waking up asks at once whether the server is still there", () => {
  const { clock, connection, socket } = setUp()
  socket().opens()
  socket().says({ type: "ok", re: "ping-1" })
  connection.retryNow()
  connection.retryNow()
  assert.equal(socket().sent.length, 2)
  clock.advance(ANSWER_MS)
  assert.equal(connection.state.name, "waiting")
})

test("41xx leads to the sign-in page", () => {
  const { clock, connection, sockets, socket } = setUp()
  socket().opens()
  socket().closes(4103)
  assert.deepEqual(connection.state, { name: "signed-out" })
  clock.advance(60_000)
  assert.equal(sockets.length, 1)
})

test("42xx stops, and says so", () => {
  const { clock, connection, sockets, socket } = setUp()
  socket().opens()
  socket().closes(4200)
  assert.deepEqual(connection.state, { name: "stopped", code: 4200 })
  clock.advance(60_000)
  assert.equal(sockets.length, 1)
})

test("after two refused handshakes the HTTP API is asked, and a 401 leads to the sign-in page", async () => {
  const { clock, connection, sockets, socket, probes } = setUp({ isSignedOut: true })
  socket().closes(1006)
  assert.equal(probes(), 0)
  clock.advance(500)
  socket().closes(1006)
  assert.equal(probes(), 1)
  await settle()
  assert.deepEqual(connection.state, { name: "signed-out" })
  clock.advance(60_000)
  assert.equal(sockets.length, 2)
})

test("where the HTTP API says nothing of the kind, the tries go on", async () => {
  const { clock, connection, sockets, socket } = setUp()
  for (let round = 0; round < 6; round += 1) {
    socket().closes(1006)
    await settle()
    assert.ok(connection.state.name === "waiting")
    clock.advance(connection.state.retryAt - clock.now())
  }
  assert.equal(sockets.length, 7)
  socket().opens()
  assert.equal(connection.state.name, "open")
})

test("a stopped connection leaves no timer behind", () => {
  const { clock, connection, sockets, socket } = setUp()
  socket().opens()
  connection.stop()
  assert.ok(sockets[0]?.isClosed)
  clock.advance(120_000)
  assert.equal(sockets.length, 1)
  connection.start()
  assert.equal(sockets.length, 2)
})

test("where no socket can be made at all, it is tried again like any other failure", () => {
  const clock = new FakeClock()
  let tries = 0
  const connection = new Connection({
    open: () => {
      tries += 1
      throw new Error("refused by a policy")
    },
    isSignedOut: async () => false,
    onFrame: () => {},
    onState: () => {},
    clock,
    random: () => 1,
  })
  connection.start()
  assert.equal(connection.state.name, "waiting")
  clock.advance(500)
  assert.equal(tries, 2)
})
