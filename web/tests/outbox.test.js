import assert from "node:assert/strict"
import { webcrypto } from "node:crypto"
import test from "node:test"
import { Drafts } from "../js/drafts.js"
import { newClientId } from "../js/client-id.js"
import { Outbox } from "../js/outbox.js"
import { tabStorage } from "../js/storage.js"
import { FakeStorage } from "./fakes.js"

/** @param {string} clientId */
const written = (clientId, room = "lobby") => ({ clientId, room, text: `text of ${clientId}`, writtenAt: "2026-01-02T12:00:00.000Z" })

test("the outbox survives a reload, in order, with the same ids", () => {
  const storage = new FakeStorage()
  const before = new Outbox(storage, "titania")
  for (const clientId of ["a", "b", "c"]) before.add(written(clientId))
  before.markSent("a")
  before.markFailed("b", "Too long.")

  const after = new Outbox(storage, "titania")
  assert.deepEqual(after.entries.map((entry) => [entry.clientId, entry.state]), [["a", "queued"], ["b", "failed"], ["c", "queued"]])
  assert.equal(after.find("b")?.problem, "Too long.")
  assert.equal(after.next?.clientId, "a")
})

test("what is delivered or deleted is gone, also from the storage", () => {
  const storage = new FakeStorage()
  const outbox = new Outbox(storage, "titania")
  outbox.add(written("a"))
  outbox.remove("a")
  assert.equal(storage.items.size, 0)
})

test("a failed message waits until one asks for it again", () => {
  const outbox = new Outbox(new FakeStorage(), "titania")
  outbox.add(written("a"))
  outbox.markFailed("a", "No.")
  assert.equal(outbox.next, undefined)
  outbox.retry("a")
  assert.equal(outbox.next?.clientId, "a")
  assert.equal(outbox.next?.problem, null)
})

test("rooms are kept apart on the screen, and people in the storage", () => {
  const storage = new FakeStorage()
  const outbox = new Outbox(storage, "titania")
  outbox.add(written("a", "lobby"))
  outbox.add(written("b", "garden"))
  assert.deepEqual(outbox.inRoom("garden").map((entry) => entry.clientId), ["b"])
  assert.equal(new Outbox(storage, "oberon").entries.length, 0)
})

test("tabs share what is not sent, and see what became of it", () => {
  const storage = new FakeStorage()
  const one = new Outbox(storage, "titania")
  const other = new Outbox(storage, "titania")
  const tell = () => {
    const item = storage.getItem("parley.outbox.titania/a")
    assert.equal(other.changedElsewhere("parley.outbox.titania/a", item), true)
  }
  one.add(written("a"))
  tell()
  assert.equal(other.next?.clientId, "a")
  one.markFailed("a", "No.")
  tell()
  assert.equal(other.find("a")?.problem, "No.")
  other.remove("a")
  assert.equal(one.changedElsewhere("parley.outbox.titania/a", null), true)
  assert.deepEqual([one.entries, other.entries], [[], []])
  assert.equal(one.changedElsewhere("parley.outbox.oberon/a", null), false)
})

test("what is on its way is so for one tab only", () => {
  const storage = new FakeStorage()
  const one = new Outbox(storage, "titania")
  one.add(written("a"))
  one.markSent("a")
  assert.equal(one.next, undefined)
  assert.equal(new Outbox(storage, "titania").next?.clientId, "a")
})

test("signing out leaves nothing behind", () => {
  const storage = new FakeStorage()
  const outbox = new Outbox(storage, "titania")
  for (const clientId of ["a", "b"]) outbox.add(written(clientId))
  outbox.clear()
  assert.equal(storage.items.size, 0)
})

test("broken storage is an empty outbox", () => {
  for (const stored of ["{", "null", "7", '{"clientId":1}', '[null]']) {
    const storage = new FakeStorage()
    storage.setItem("parley.outbox.titania/a", stored)
    assert.equal(new Outbox(storage, "titania").entries.length, 0, stored)
  }
})

test("a browser without storage still keeps things for the life of the page", () => {
  const storage = tabStorage(() => {
    throw new Error("SecurityError")
  })
  storage.setItem("key", "value")
  assert.equal(storage.getItem("key"), "value")
  storage.removeItem("key")
  assert.equal(storage.getItem("key"), null)
})

test("a draft belongs to a person and a room", () => {
  const storage = new FakeStorage()
  const drafts = new Drafts(storage, "titania")
  drafts.write("lobby", "I think th")
  assert.equal(drafts.read("lobby"), "I think th")
  assert.equal(drafts.read("garden"), "")
  assert.equal(new Drafts(storage, "oberon").read("lobby"), "")
  drafts.write("lobby", "")
  assert.equal(storage.items.size, 0)
})

test("client ids are unique and fit the protocol, with and without a secure context", () => {
  const insecure = { getRandomValues: webcrypto.getRandomValues.bind(webcrypto) }
  const ids = [newClientId(webcrypto), newClientId(webcrypto), newClientId(insecure), newClientId(insecure)]
  assert.equal(new Set(ids).size, ids.length)
  for (const id of ids) assert.ok(id.length >= 32 && id.length <= 64)
})
