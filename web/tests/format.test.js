import assert from "node:assert/strict"
import test from "node:test"
import { badgeCount, dayName, dayOf, momentOf, timeOf } from "../js/format.js"

test("days are those of the reader's time zone", () => {
  assert.equal(dayOf(new Date(2026, 0, 2, 0, 0).toISOString()), "2026-01-02")
  assert.equal(dayOf(new Date(2026, 0, 2, 23, 59).toISOString()), "2026-01-02")
})

test("days near now have their own names", () => {
  const now = new Date(2026, 2, 1, 9, 0)
  assert.equal(dayName("2026-03-01", now), "Today")
  assert.equal(dayName("2026-02-28", now), "Yesterday")
  assert.ok(dayName("2026-02-20", now).includes("Friday"))
  assert.ok(!dayName("2026-02-20", now).includes("2026"))
  assert.ok(dayName("2025-12-31", now).includes("2025"))
})

test("a time that is none is shown as nothing", () => {
  assert.equal(timeOf("not a time"), "")
  assert.equal(momentOf(""), "")
  assert.ok(/\d/.test(timeOf("2026-01-02T03:04:05.678Z")))
})

test("a badge stays small", () => {
  assert.deepEqual([1, 99, 100, 12345].map(badgeCount), ["1", "99", "99+", "99+"])
})
