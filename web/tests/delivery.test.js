import assert from "node:assert/strict"
import test from "node:test"
import { CONFIRM_MS, Delivery } from "../js/delivery.js"
import { Outbox } from "../js/outbox.js"
import { FakeClock, FakeStorage } from "./fakes.js"

function setUp() {
  const clock = new FakeClock()
  const outbox = new Outbox(new FakeStorage(), "titania")
  const line = { isOpen: true }
  /** @type {any[]} */
  const sent = []
  /** @type {[string, number][]} */
  const confirmed = []
  const delivery = new Delivery({
    outbox,
    send: (frame) => {
      if (line.isOpen) sent.push(frame)
      return line.isOpen
    },
    onConfirmed: (entry, seq) => confirmed.push([entry.clientId, seq]),
    onChange: () => {},
    clock,
    random: () => 0,
  })
  /** @param {string} clientId */
  const write = (clientId) => {
    outbox.add({ clientId, room: "lobby", text: clientId, writtenAt: "2026-01-02T12:00:00.000Z" })
    delivery.advance()
  }
  const sentIds = () => sent.map((frame) => frame.clientId)
  /** @param {string} re */
  const ok = (re, seq = 1) => delivery.answered({ type: "ok", re, room: "lobby", seq })
  /** @param {string} re */
  const refuse = (re, temporary = false) => delivery.answered({ type: "error", re, code: "x", message: "Not so.", temporary })
  return { clock, confirmed, delivery, line, ok, outbox, refuse, sent, sentIds, write }
}

test("a message goes out under its client id", () => {
  const { sent, write } = setUp()
  write("a")
  assert.deepEqual(sent, [{ type: "chat_message", id: "a", room: "lobby", message: "a", clientId: "a" }])
})

test("the next leaves when the one before is confirmed", () => {
  const { confirmed, ok, outbox, sentIds, write } = setUp()
  for (const clientId of ["a", "b", "c"]) write(clientId)
  assert.deepEqual(sentIds(), ["a"])
  ok("a", 7)
  ok("b", 8)
  ok("c", 9)
  assert.deepEqual(sentIds(), ["a", "b", "c"])
  assert.deepEqual(confirmed, [["a", 7], ["b", 8], ["c", 9]])
  assert.equal(outbox.entries.length, 0)
})

test("the event with the message counts as its confirmation", () => {
  const { delivery, ok, outbox, sentIds, write } = setUp()
  write("a")
  write("b")
  delivery.arrived("a")
  assert.deepEqual(sentIds(), ["a", "b"])
  ok("a")
  assert.deepEqual(outbox.entries.map((entry) => entry.clientId), ["b"])
})

test("what is written offline waits, and goes in order when the connection stands", () => {
  const { delivery, line, ok, sentIds, write } = setUp()
  line.isOpen = false
  for (const clientId of ["a", "b"]) write(clientId)
  assert.deepEqual(sentIds(), [])
  line.isOpen = true
  delivery.connected()
  ok("a")
  assert.deepEqual(sentIds(), ["a", "b"])
})

test("after a reconnect the unconfirmed goes again first, under the same id", () => {
  const { delivery, line, ok, sentIds, write } = setUp()
  write("a")
  line.isOpen = false
  delivery.disconnected()
  write("b")
  line.isOpen = true
  delivery.connected()
  ok("a")
  ok("b")
  assert.deepEqual(sentIds(), ["a", "a", "b"])
})

test("a refusal for good is shown and does not hold up the rest", () => {
  const { outbox, refuse, sentIds, write } = setUp()
  write("a")
  write("b")
  refuse("a")
  assert.deepEqual(sentIds(), ["a", "b"])
  assert.deepEqual(outbox.entries.map((entry) => [entry.state, entry.problem]), [["failed", "Not so."], ["sent", null]])
})

test("a refusal for the moment is tried again before the rest", () => {
  const { clock, ok, refuse, sentIds, write } = setUp()
  write("a")
  write("b")
  refuse("a", true)
  assert.deepEqual(sentIds(), ["a"])
  clock.advance(1_000)
  assert.deepEqual(sentIds(), ["a", "a"])
  ok("a")
  assert.deepEqual(sentIds(), ["a", "a", "b"])
})

test("a missing answer does not hold up the rest, and is made up for after the next connect", () => {
  const { clock, delivery, ok, outbox, sentIds, write } = setUp()
  write("a")
  write("b")
  clock.advance(CONFIRM_MS)
  assert.deepEqual(sentIds(), ["a", "b"])
  ok("b")
  assert.deepEqual(outbox.entries.map((entry) => [entry.clientId, entry.state]), [["a", "sent"]])
  delivery.connected()
  assert.deepEqual(sentIds(), ["a", "b", "a"])
})

test("answers to others' frames change nothing", () => {
  const { ok, outbox, refuse, write } = setUp()
  write("a")
  ok("ping-1")
  refuse("z")
  assert.equal(outbox.find("a")?.state, "sent")
})

test("slow mode holds up no other room: the message waits for a word", () => {
  const { delivery, outbox, sentIds, write } = setUp()
  write("a")
  write("b")
  delivery.answered({ type: "error", re: "a", code: "slow_mode", message: "Wait.", temporary: true })
  assert.deepEqual(sentIds(), ["a", "b"])
  assert.equal(outbox.find("a")?.state, "failed")
})
