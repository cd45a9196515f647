import assert from "node:assert/strict"
import test from "node:test"
import { emojiSize } from "../js/emoji.js"

test("one to three emoji are large, four to six medium, more are text", () => {
  assert.deepEqual(["🙂", "🙂🙂", "🙂 🙂 🙂", "🙂🙂🙂🙂", "🙂".repeat(6), "🙂".repeat(7)].map(emojiSize), ["large", "large", "large", "medium", "medium", null])
})

test("what people see as one emoji counts as one", () => {
  const family = "👩‍👩‍👧‍👦"
  const ones = [family, "👍🏽", "🇩🇪", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "1️⃣", "❤️", "🧚‍♀️", "🏳️‍🌈", "❤️‍🔥"]
  for (const one of ones) {
    assert.equal(emojiSize(one), "large", one)
    assert.equal(emojiSize(one.repeat(3)), "large", one)
    assert.equal(emojiSize(one.repeat(4)), "medium", one)
  }
})

test("text with or without emoji is text", () => {
  for (const text of ["", "  ", "a", "🙂 ok", "1", "123", "#", "*", "©", "™", "12:30", "\u200D", "\uFE0F", "🇩", "x".repeat(4000)]) {
    assert.equal(emojiSize(text), null, text)
  }
})
