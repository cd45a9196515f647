import assert from "node:assert/strict"
import test from "node:test"
import { READ_INTERVAL_MS, Reads } from "../js/reads.js"
import { FakeClock } from "./fakes.js"

function setUp() {
  const clock = new FakeClock()
  const line = { isOpen: true }
  /** @type {number[]} */
  const sent = []
  const reads = new Reads({
    readSeq: 10,
    clock,
    send: (seq) => {
      if (line.isOpen) sent.push(seq)
      return line.isOpen
    },
  })
  return { clock, line, reads, sent }
}

test("positions are told at most once a second, and the last one always", () => {
  const { clock, reads, sent } = setUp()
  for (const seq of [11, 12, 13]) reads.saw(seq)
  assert.deepEqual(sent, [11])
  clock.advance(READ_INTERVAL_MS)
  assert.deepEqual(sent, [11, 13])
  clock.advance(60_000)
  assert.deepEqual(sent, [11, 13])
})

test("a position never goes back, and is never told twice", () => {
  const { clock, reads, sent } = setUp()
  reads.saw(10)
  reads.saw(3)
  reads.movedTo(20)
  reads.saw(15)
  clock.advance(60_000)
  assert.deepEqual(sent, [])
  assert.equal(reads.readSeq, 20)
})

test("after a restart of the numbers the position begins anew", () => {
  const { reads, sent } = setUp()
  reads.restart()
  reads.saw(3)
  assert.deepEqual(sent, [3])
})

test("what was read offline is told after the reconnect", () => {
  const { line, reads, sent } = setUp()
  line.isOpen = false
  reads.saw(11)
  reads.saw(12)
  line.isOpen = true
  reads.flush()
  assert.deepEqual(sent, [12])
})
