import assert from "node:assert/strict"
import test from "node:test"
import { holdEndsIn, holdSentence } from "../js/hold.js"
import { roomObject } from "./fakes.js"

const now = Date.parse("2026-01-02T12:00:00.000Z")
const soon = { until: "2026-01-02T12:01:00.000Z" }

test("nothing holds a member of an ordinary room", () => {
  assert.equal(holdSentence(roomObject(), now), "")
  assert.equal(holdEndsIn(roomObject(), now), null)
})

test("a mute says until when, holds moderators too, and ends by itself", () => {
  const room = roomObject({ muted: soon, permissions: ["speak_always"] })
  assert.ok(/^You are muted in this room until .+\.$/.test(holdSentence(room, now)))
  assert.equal(holdEndsIn(room, now), 60_000)
  assert.equal(holdSentence(room, now + 60_000), "")
  assert.equal(holdEndsIn(room, now + 60_000), null)
})

test("a mute without an end says so", () => {
  const room = roomObject({ muted: { until: null } })
  assert.equal(holdSentence(room, now), "You are muted in this room until a moderator changes that.")
  assert.equal(holdEndsIn(room, now), null)
})

test("a locked room and one for announcements hold all but those who look after them", () => {
  for (const fields of [{ isLocked: true }, { isAnnouncement: true }]) {
    assert.notEqual(holdSentence(roomObject(fields), now), "")
    assert.equal(holdSentence(roomObject({ ...fields, permissions: ["speak_always"] }), now), "")
  }
})
