import assert from "node:assert/strict"
import test from "node:test"
import { Announcer, RARELY_MS } from "../js/announcer.js"
import { FakeClock } from "./fakes.js"

test("what happens again and again is said rarely, and its end not at all", () => {
  const clock = new FakeClock()
  /** @type {{ textContent: string | null }} */
  const place = { textContent: null }
  const announcer = new Announcer(place, clock)
  announcer.sayRarely("Puck is writing …")
  assert.equal(place.textContent, "Puck is writing …")
  announcer.sayRarely("")
  assert.equal(place.textContent, "")
  announcer.sayRarely("Oberon is writing …")
  assert.equal(place.textContent, "", "too soon")
  clock.advance(RARELY_MS)
  announcer.sayRarely("Oberon is writing …")
  assert.equal(place.textContent, "Oberon is writing …")
})

test("what happens once is always said", () => {
  const clock = new FakeClock()
  /** @type {{ textContent: string | null }} */
  const place = { textContent: null }
  const announcer = new Announcer(place, clock)
  for (const sentence of ["one", "two"]) {
    announcer.say(sentence)
    assert.equal(place.textContent, sentence)
  }
})
