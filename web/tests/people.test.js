import assert from "node:assert/strict"
import test from "node:test"
import { dayOf, zoneOf } from "../js/format.js"
import { parseFrame } from "../js/protocol.js"
import { RoomList } from "../js/room-list.js"
import { showStatus } from "../js/status.js"
import { Timeline } from "../js/timeline.js"
import { message } from "./fakes.js"

const robin = { username: "puck", name: "Robin" }

test("a new name is that of the room with somebody, and of no other", () => {
  const members = [{ username: "titania", name: "Titania" }, { username: "puck", name: "Puck" }]
  const room = /** @type {any} */ ({ slug: "d", name: "Puck", topic: "", kind: "direct", isMember: true, epoch: "e", lastSeq: 0, readSeq: 0, unread: 0, members })
  const list = new RoomList([room, { ...room, slug: "lobby", name: "Lobby", kind: "public", members: null }], "titania")
  list.renamed("puck", robin)
  assert.deepEqual(list.rooms.map(({ name }) => name), ["Robin", "Lobby"])
  list.renamed("titania", { username: "titania", name: "Queen" })
  assert.equal(list.find("d")?.name, "Robin")
})

test("a new name is also in what was said before; an erased text is gone", () => {
  const said = { ...message(1), sender: { username: "puck", name: "Puck" }, text: "words" }
  const other = { ...message(2), sender: { username: "titania", name: "Titania" }, text: "words" }
  const timeline = new Timeline([said, other], false)
  timeline.rename("puck", robin, false)
  assert.deepEqual(timeline.messages.map(({ sender, text }) => [sender.name, text]), [["Robin", "words"], ["Titania", "words"]])
  timeline.rename("puck", robin, true)
  assert.deepEqual(timeline.messages.map(({ text }) => text), ["", "words"])
})

test("a status that is over is not shown", () => {
  const place = /** @type {any} */ ({ textContent: "" })
  showStatus(place, { emoji: "🌙", text: "late", until: null })
  assert.equal(place.textContent, "🌙 late")
  showStatus(place, { emoji: "🌙", text: "late", until: "2020-01-01T00:00:00.000Z" })
  assert.equal(place.textContent, "")
})

test("days are those of the zone that was chosen, where the browser knows it", () => {
  const format = new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", timeZone: "Asia/Tokyo" })
  assert.equal(dayOf("2026-01-01T15:00:00.000Z", format), "2026-01-02")
  assert.equal(zoneOf("Asia/Tokyo"), "Asia/Tokyo")
  assert.equal(zoneOf("Mars/Olympus"), undefined)
  assert.equal(zoneOf(undefined), undefined)
})

test("a frame about a person has one", () => {
  assert.ok(parseFrame('{"type":"person","username":"puck","person":{"username":"puck","name":"Robin"},"status":null}'))
  assert.equal(parseFrame('{"type":"person","username":"puck","person":null,"status":null}'), null)
})
