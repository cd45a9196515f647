import assert from "node:assert/strict"
import test from "node:test"
import { describeLength, isSendKey } from "../js/composer.js"
import { describeConnection } from "../js/connection-view.js"
import { currentName } from "../js/people.js"

const enter = { key: "Enter", shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, isComposing: false, keyCode: 13 }

test("Enter sends, Shift and Enter do not", () => {
  assert.ok(isSendKey(enter))
  assert.equal(isSendKey({ ...enter, shiftKey: true }), false)
  assert.equal(isSendKey({ ...enter, key: "a" }), false)
})

test("Enter that ends the composition of a word does not send", () => {
  assert.equal(isSendKey({ ...enter, isComposing: true }), false)
  assert.equal(isSendKey({ ...enter, keyCode: 229 }), false)
})

test("the count appears near the limit, in characters and not in code units", () => {
  assert.deepEqual(describeLength("x".repeat(3000), 4000), { text: "", isTooLong: false })
  assert.deepEqual(describeLength("🙂".repeat(3999), 4000), { text: "1 character left", isTooLong: false })
  assert.deepEqual(describeLength("x".repeat(4002), 4000), { text: "2 characters too many", isTooLong: true })
})

test("a good connection is not worth a word", () => {
  assert.equal(describeConnection({ name: "open" }, 0, true).text, "")
  assert.equal(describeConnection({ name: "waiting", retryAt: 3_100 }, 0, true).text, "Reconnecting in 4 s")
  assert.equal(describeConnection({ name: "waiting", retryAt: 0 }, 500, true).text, "Reconnecting in 1 s")
  assert.equal(describeConnection({ name: "waiting", retryAt: 9 }, 0, false).text, "Offline")
  assert.deepEqual(describeConnection({ name: "stopped", code: 4200 }, 0, true), { text: "This account is disabled.", retry: "", isTrouble: true })
  assert.deepEqual(describeConnection({ name: "stopped", code: 4202 }, 0, true), {
    text: "Parley is open in too many windows.", retry: "Use it here", isTrouble: true,
  })
})

test("of several names the last is the one being typed", () => {
  assert.deepEqual(currentName("oberon, pu", true), { before: "oberon, ", name: "pu" })
  assert.deepEqual(currentName("oberon, pu", false), { before: "", name: "oberon, pu" })
  assert.deepEqual(currentName("oberon,", true), { before: "oberon,", name: "" })
})
