import assert from "node:assert/strict"
import test from "node:test"
import { Presence } from "../js/presence.js"
import { SAY_MS, Typing, typingSentence } from "../js/typing.js"
import { FakeClock } from "./fakes.js"

function setUp() {
  const clock = new FakeClock()
  const line = { isOpen: true }
  /** @type {boolean[]} */
  const said = []
  /** @type {string[]} */
  const shown = []
  const typing = new Typing({ send: (isActive) => line.isOpen && said.push(isActive) > 0, onChange: (text) => shown.push(text), clock })
  const heard = (/** @type {string} */ username, active = true) =>
    typing.heard({ type: "typing", room: "lobby", user: { username, name: username.toUpperCase() }, active, seconds: 6 })
  return { clock, line, said, shown, typing, heard }
}

test("writing is told once in a while, not with every key, and its end once", () => {
  const { clock, said, typing } = setUp()
  for (let key = 0; key < 20; key += 1) {
    typing.wrote("h")
    clock.advance(SAY_MS / 10)
  }
  assert.deepEqual(said, [true, true])
  typing.wrote("")
  typing.stopped()
  assert.deepEqual(said, [true, true, false])
})

test("what could not go out is told with the next key, not only seconds later", () => {
  const { line, said, typing } = setUp()
  line.isOpen = false
  typing.wrote("h")
  line.isOpen = true
  typing.wrote("he")
  assert.deepEqual(said, [true])
})

test("white space is not writing", () => {
  const { said, typing } = setUp()
  typing.wrote("  ")
  assert.deepEqual(said, [])
})

test("others stop after their time, by their own word, or with their message", () => {
  const { clock, heard, shown, typing } = setUp()
  const last = () => shown[shown.length - 1]
  heard("puck")
  clock.advance(6_000)
  assert.equal(last(), "")
  heard("puck")
  heard("puck", false)
  assert.equal(last(), "")
  heard("puck")
  typing.ended("puck")
  assert.equal(last(), "")
  heard("puck")
  clock.advance(4_000)
  heard("puck")
  clock.advance(4_000)
  assert.equal(last(), "PUCK is writing …", "another word keeps it")
})

test("one, two and many are said in words", () => {
  assert.equal(typingSentence([]), "")
  assert.equal(typingSentence(["Puck"]), "Puck is writing …")
  assert.equal(typingSentence(["Puck", "Oberon"]), "Puck and Oberon are writing …")
  assert.equal(typingSentence(["Puck", "Oberon", "Luna"]), "Several people are writing …")
})

test("a direct room is marked while somebody else in it is there", () => {
  const presence = new Presence()
  const puck = { username: "puck", name: "Puck" }
  const room = /** @type {any} */ ({ members: [puck, { username: "titania", name: "Titania" }] })
  presence.replace(["titania"])
  assert.equal(presence.isThere(room, "titania"), false)
  presence.heard({ type: "presence", user: puck, online: true })
  assert.equal(presence.isThere(room, "titania"), true)
  presence.heard({ type: "presence", user: puck, online: false })
  assert.equal(presence.isThere(room, "titania"), false)
})
