import assert from "node:assert/strict"
import test from "node:test"
import { hueClass, initials } from "../js/avatar.js"

// The server computes the same; its tests have the same examples.
test("a username has one colour, everywhere and always", () => {
  assert.deepEqual(["", "titania", "oberon", "puck", "zoë"].map(hueClass), [1, 11, 2, 4, 4])
})

test("colours are spread over all twelve", () => {
  const used = new Set(Array.from({ length: 300 }, (_, number) => hueClass(`user${number}`)))
  assert.equal(used.size, 12)
})

test("initials are of the first and the last word", () => {
  const names = ["Titania Moonweaver", "oberon", "Ana de la Cruz", "  Robin   Goodfellow ", "李小龍", "élan vital", "(Max) Power!", "🙂", "", "7 of 9"]
  assert.deepEqual(names.map(initials), ["TM", "O", "AC", "RG", "李", "ÉV", "MP", "?", "?", "79"])
})
