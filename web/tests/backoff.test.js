import assert from "node:assert/strict"
import test from "node:test"
import { BACKOFF_BASE_MS, BACKOFF_MAX_MS, backoffDelay } from "../js/backoff.js"

test("the first wait is at most half a second", () => {
  assert.equal(backoffDelay(0, () => 0.999999), BACKOFF_BASE_MS)
})

test("the ceiling doubles with every failure and ends at thirty seconds", () => {
  const ceilings = [0, 1, 2, 3, 4, 5, 6, 7, 50, 5000].map((attempt) => backoffDelay(attempt, () => 1))
  assert.deepEqual(ceilings, [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000, 30000])
})

test("the wait may be anything below the ceiling, so that clients spread out", () => {
  assert.equal(backoffDelay(6, () => 0), 0)
  for (let round = 0; round < 1000; round += 1) {
    const delay = backoffDelay(round % 10)
    assert.ok(delay >= 0 && delay <= BACKOFF_MAX_MS)
  }
})
