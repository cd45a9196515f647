import assert from "node:assert/strict"
import test from "node:test"
import { RoomList } from "../js/room-list.js"
import { titleWithUnread } from "../js/room-list-view.js"
import { message, roomObject } from "./fakes.js"

/**
 * @param {string} slug
 * @param {Partial<Parley.Room>} [fields]
 * @returns {Parley.Room}
 */
const room = (slug, fields) => roomObject({ slug, name: slug, lastSeq: 10, readSeq: 10, ...fields })

test("only one's own rooms are in the list", () => {
  const list = new RoomList([room("lobby"), room("music", { isMember: false })], "titania")
  assert.deepEqual(list.rooms.map(({ slug }) => slug), ["lobby"])
})

test("others' messages are unread, once each; one's own are not", () => {
  const list = new RoomList([room("lobby")], "titania")
  list.received("lobby", message(11))
  list.received("lobby", message(11))
  list.received("lobby", message(12, { by: "titania" }))
  list.received("elsewhere", message(1))
  assert.equal(list.find("lobby")?.unread, 1)
  assert.equal(list.unread, 1)
})

test("reading takes the number down, never below nothing, never back", () => {
  const list = new RoomList([room("lobby", { lastSeq: 15, unread: 5 })], "titania")
  list.read("lobby", 12)
  assert.equal(list.find("lobby")?.unread, 3)
  list.read("lobby", 11)
  assert.equal(list.find("lobby")?.readSeq, 12)
  list.read("lobby", 15)
  assert.equal(list.find("lobby")?.unread, 0)
})

test("rooms come and go", () => {
  const list = new RoomList([room("lobby")], "titania")
  list.joined(room("music", { isMember: false }))
  assert.deepEqual(list.rooms.map(({ slug }) => slug), ["lobby", "music"])
  list.left("lobby")
  assert.deepEqual(list.rooms.map(({ slug }) => slug), ["music"])
})

test("the server's rooms are not changed under its hands", () => {
  const given = room("lobby")
  const list = new RoomList([given], "titania")
  list.received("lobby", message(11))
  assert.equal(given.unread, 0)
})

test("the title says how much is unread", () => {
  assert.deepEqual([0, 3, 250].map((unread) => titleWithUnread("Lobby", unread)), ["Lobby", "(3) Lobby", "(99+) Lobby"])
})

test("a removal is nothing to read", () => {
  const list = new RoomList([room("lobby")], "titania")
  list.received("lobby", { ...message(11), removes: 3 })
  assert.equal(list.find("lobby")?.unread, 0)
  assert.equal(list.find("lobby")?.lastSeq, 11)
})

test("a room that was changed keeps what is not told, and one that is not there is not made", () => {
  const list = new RoomList([room("lobby", { unread: 2 })], "titania")
  list.changed({ type: "room_changed", room: "lobby", name: "Hall", topic: "", kind: "public", slowSeconds: 5, isLocked: true, isAnnouncement: false })
  list.changed({ type: "place_changed", room: "nowhere", role: "owner", permissions: [], muted: null })
  assert.equal(list.find("lobby")?.name, "Hall")
  assert.equal(list.find("lobby")?.unread, 2)
  assert.equal(list.rooms.length, 1)
})
