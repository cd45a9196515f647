import assert from "node:assert/strict"
import test from "node:test"
import { CatchUp, OVERTAKING_MS } from "../js/catch-up.js"
import { Timeline } from "../js/timeline.js"
import { FakeClock, message, settle } from "./fakes.js"

/** @param {Timeline} timeline */
const seqs = (timeline) => timeline.messages.map(({ seq }) => seq)

test("messages are in order whatever order they come in, and once however often", () => {
  const timeline = new Timeline([message(5), message(6)], true)
  assert.deepEqual(timeline.merge([message(8), message(6), message(7)]).map(({ seq }) => seq), [8, 7])
  timeline.merge([message(4), message(3)])
  timeline.merge([message(7)])
  assert.deepEqual(seqs(timeline), [3, 4, 5, 6, 7, 8])
  assert.equal(timeline.oldestSeq, 3)
  assert.equal(timeline.lastSeq, 8)
})

test("the server's word about a message replaces ours", () => {
  const timeline = new Timeline([message(1, { text: "before" })], false)
  timeline.merge([message(1, { text: "after" })])
  assert.equal(timeline.messages[0]?.text, "after")
})

test("a gap is noticed, and closed by what was missing", () => {
  const timeline = new Timeline([message(5)], true)
  timeline.merge([message(8)])
  assert.ok(timeline.hasGap)
  assert.equal(timeline.contiguousSeq, 5)
  timeline.merge([message(7)])
  assert.equal(timeline.contiguousSeq, 5)
  timeline.merge([message(6)])
  assert.equal(timeline.contiguousSeq, 8)
  assert.equal(timeline.hasGap, false)
})

test("the past is no gap", () => {
  const timeline = new Timeline([message(50), message(51)], true)
  timeline.merge([message(10), message(11)])
  assert.equal(timeline.contiguousSeq, 51)
})

test("in an empty room the first message is number 1, and any other shows a gap", () => {
  const timeline = new Timeline([], false)
  assert.equal(timeline.contiguousSeq, 0)
  timeline.merge([message(2)])
  assert.ok(timeline.hasGap)
  timeline.merge([message(1)])
  assert.equal(timeline.hasGap, false)
})

test("a number that the server does not have is not asked for forever", () => {
  const timeline = new Timeline([message(1)], false)
  timeline.merge([message(4)])
  timeline.confirmThrough(3)
  assert.equal(timeline.contiguousSeq, 4)
})

test("letting go of the oldest leaves a past that can be loaded again", () => {
  const timeline = new Timeline([1, 2, 3, 4, 5].map((seq) => message(seq)), false)
  timeline.keepNewest(2)
  assert.deepEqual(seqs(timeline), [4, 5])
  assert.equal(timeline.hasMore, true)
  assert.equal(timeline.contiguousSeq, 5)
})

/**
 * @param {Timeline} timeline
 * @param {Parley.Message[]} stored
 */
function setUp(timeline, stored, pageSize = 3) {
  const clock = new FakeClock()
  /** @type {number[]} */
  const asked = []
  const line = { isOpen: true }
  const catchUp = new CatchUp({
    timeline,
    clock,
    fetchAfter: async (after) => {
      asked.push(after)
      if (!line.isOpen) throw new Error("offline")
      const rest = stored.filter(({ seq }) => seq > after)
      return { messages: rest.slice(0, pageSize), hasMore: rest.length > pageSize }
    },
    onAdded: () => {},
  })
  return { asked, catchUp, clock, line }
}

test("catching up asks page by page, after the last that is certain", async () => {
  const timeline = new Timeline([message(1)], false)
  timeline.merge([message(9)])
  const { asked, catchUp } = setUp(timeline, [1, 2, 3, 4, 5, 6, 7, 8, 9].map((seq) => message(seq)))
  await catchUp.run()
  assert.deepEqual(asked, [1, 4, 7])
  assert.deepEqual(seqs(timeline), [1, 2, 3, 4, 5, 6, 7, 8, 9])
})

test("an event that was merely overtaken is not asked for", async () => {
  const timeline = new Timeline([message(1)], false)
  const { asked, catchUp, clock } = setUp(timeline, [])
  timeline.merge([message(3)])
  catchUp.checkSoon()
  timeline.merge([message(2)])
  clock.advance(OVERTAKING_MS)
  await settle()
  assert.deepEqual(asked, [])
})

test("a gap that stays is asked for", async () => {
  const timeline = new Timeline([message(1)], false)
  const { asked, catchUp, clock } = setUp(timeline, [1, 2, 3].map((seq) => message(seq)))
  timeline.merge([message(3)])
  catchUp.checkSoon()
  clock.advance(OVERTAKING_MS)
  await settle()
  assert.deepEqual(asked, [1])
  assert.deepEqual(seqs(timeline), [1, 2, 3])
})

test("one fetch at a time, and one more when it was asked for meanwhile", async () => {
  const timeline = new Timeline([message(1)], false)
  const { asked, catchUp } = setUp(timeline, [message(1), message(2)])
  await Promise.all([catchUp.run(), catchUp.run(), catchUp.run()])
  assert.equal(asked.length, 2)
})

test("a fetch that failed is tried again", async () => {
  const timeline = new Timeline([message(1)], false)
  const { asked, catchUp, clock, line } = setUp(timeline, [message(1), message(2)])
  line.isOpen = false
  await catchUp.run()
  line.isOpen = true
  clock.advance(30_000)
  await settle()
  assert.equal(asked.length, 2)
  assert.deepEqual(seqs(timeline), [1, 2])
})

test("a removal takes the text away, and an older page does not bring it back", () => {
  const timeline = new Timeline([message(1), message(2)], false)
  timeline.merge([{ ...message(3), text: "", removes: 1 }])
  assert.equal(timeline.contiguousSeq, 3)
  for (let times = 0; times < 2; times += 1) {
    const first = timeline.messages[0]
    assert.equal(first?.text, "")
    assert.equal(first?.removed, "author")
    timeline.merge([message(1)])
  }
  timeline.merge([{ ...message(4, { by: "titania" }), text: "", removes: 2 }])
  assert.equal(timeline.messages[1]?.removed, "moderator")
})
