import assert from "node:assert/strict"
import test from "node:test"
import { layOutRows } from "../js/rows.js"
import { message } from "./fakes.js"

/** @param {Partial<import("../js/rows.js").RowsInput>} input */
const rowsOf = (input) => layOutRows({ messages: [], pending: [], username: "titania", unreadAfter: null, ...input })

/** @param {number} minute */
const at = (minute) => new Date(2026, 0, 2, 12, minute).toISOString()

/**
 * @param {string} clientId
 * @param {number} minute
 * @returns {Parley.OutboxEntry}
 */
const pending = (clientId, minute) => ({ clientId, room: "lobby", text: "x", writtenAt: at(minute), order: minute, state: "queued", problem: null })

/** @param {Parley.Row[]} rows */
const shape = (rows) => rows.map((row) => "isContinued" in row && row.isContinued ? `${row.kind}+` : row.kind)

test("messages of one person within five minutes belong together", () => {
  const rows = rowsOf({ messages: [
    message(1, { at: at(0) }),
    message(2, { at: at(4) }),
    message(3, { at: at(9) }),
    message(4, { at: at(10), by: "puck" }),
    message(5, { at: at(10) }),
  ] })
  assert.deepEqual(shape(rows), ["day", "message", "message+", "message", "message", "message"])
})

test("a new day begins with its name, and with the sender's", () => {
  const rows = rowsOf({ messages: [
    message(1, { at: new Date(2026, 0, 2, 23, 59).toISOString() }),
    message(2, { at: new Date(2026, 0, 3, 0, 1).toISOString() }),
  ] })
  assert.deepEqual(shape(rows), ["day", "message", "day", "message"])
  assert.deepEqual(rows.flatMap((row) => row.kind === "day" ? [row.day] : []), ["2026-01-02", "2026-01-03"])
})

test("the unread line stands above the first unread message, and starts a group", () => {
  const messages = [1, 2, 3].map((seq) => message(seq, { at: at(seq) }))
  assert.deepEqual(shape(rowsOf({ messages, unreadAfter: 2 })), ["day", "message", "message+", "unread", "message"])
})

test("what was loaded anew ends with a word on it, and what follows starts a group", () => {
  const messages = [message(4), message(5), message(6)]
  assert.deepEqual(shape(rowsOf({ messages, reloadedAfter: 5 })), ["day", "message", "message+", "reloaded", "message"])
  assert.deepEqual(shape(rowsOf({ messages: [], reloadedAfter: 0 })), ["reloaded"])
})

test("there is no unread line where it would say nothing", () => {
  const messages = [5, 6].map((seq) => message(seq, { at: at(seq) }))
  const own = [...messages, message(7, { at: at(7), by: "titania" })]
  for (const [which, unreadAfter] of /** @type {[Parley.Message[], number | null][]} */ ([[messages, null], [messages, 6], [messages, 0], [messages, 3], [own, 6]])) {
    assert.ok(!shape(rowsOf({ messages: which, unreadAfter })).includes("unread"), String(unreadAfter))
  }
})

test("what is on its way stands last, in order, and belongs to what one said before", () => {
  const rows = rowsOf({ messages: [message(1, { at: at(0), by: "titania" })], pending: [pending("a", 1), pending("b", 2)] })
  assert.deepEqual(shape(rows), ["day", "message", "pending+", "pending+"])
  assert.deepEqual(rows.slice(2).map((row) => row.key), ["client:a", "client:b"])
})

test("what has settled already is not on its way as well", () => {
  const rows = rowsOf({ messages: [message(1, { at: at(0), by: "titania", clientId: "a" })], pending: [pending("a", 0)] })
  assert.deepEqual(shape(rows), ["day", "message"])
})

test("a message keeps its key when it settles, so that it keeps its place", () => {
  const before = rowsOf({ pending: [pending("a", 1)] })
  const after = rowsOf({ messages: [message(1, { at: at(1), by: "titania", clientId: "a" })] })
  assert.equal(before[1]?.key, after[1]?.key)
})

test("another's client id is no key of ours", () => {
  const rows = rowsOf({ messages: [message(1, { clientId: "a" })], pending: [pending("a", 1)] })
  assert.equal(new Set(rows.map((row) => row.key)).size, rows.length)
})

test("keys are unique, also when clocks disagree about the day", () => {
  const rows = rowsOf({ messages: [
    message(1, { at: "2026-01-02T12:00:00Z" }),
    message(2, { at: "2026-01-04T12:00:00Z" }),
    message(3, { at: "2026-01-02T12:00:00Z" }),
  ] })
  assert.equal(new Set(rows.map((row) => row.key)).size, rows.length)
})

test("a removal is no row, and a message whose text is gone is drawn anew", () => {
  const before = rowsOf({ messages: [message(1)] })
  const after = rowsOf({ messages: [{ ...message(1), removed: "moderator" }, { ...message(2), removes: 1 }] })
  assert.deepEqual(shape(after), ["day", "message"])
  assert.notEqual(after[1]?.key, before[1]?.key)
})
