import { dayOf } from "./format.js"

/** Messages of one person that are closer together than this are drawn as one. */
export const GROUP_MS = 5 * 60 * 1000

/**
 * @typedef {object} RowsInput
 * @property {Parley.Message[]} messages ascending
 * @property {Parley.OutboxEntry[]} pending what is on its way, in order
 * @property {string} username whose timeline it is
 * @property {number | null} [reloadedAfter] the newest message when the room was loaded anew; null where it was not
 * @property {number | null} unreadAfter the last message that was read when the room was opened; null for no line
 */

/** @typedef {{ username: string, at: number, day: string }} Voice who spoke, and when */

/**
 * Lays out a timeline: which messages belong together, and where a new day or the unread part begins.
 *
 * @param {RowsInput} input
 * @returns {Parley.Row[]}
 */
export function layOutRows({ messages, pending, username, unreadAfter, reloadedAfter = null }) {
  /** @type {Parley.Row[]} */
  const rows = []
  const lineSeq = unreadLineSeq(messages, username, unreadAfter)
  const reloaded = /** @type {const} */ ({ kind: "reloaded", key: "reloaded" })
  if (reloadedAfter === 0) rows.push(reloaded)
  /** @type {Voice | null} */
  let before = null

  for (const message of messages) {
    if (message.removes) continue
    const day = dayOf(message.sentAt)
    if (day !== before?.day) rows.push({ kind: "day", key: `day:${day}:${message.seq}`, day })
    if (message.seq === lineSeq) rows.push({ kind: "unread", key: "unread" })
    const isMine = message.sender.username === username
    /** @type {Voice} */
    const current = { username: message.sender.username, at: Date.parse(message.sentAt), day }
    const isContinued = message.seq !== lineSeq && message.seq - 1 !== reloadedAfter && belongsTogether(before, current)
    rows.push({ kind: "message", key: messageKey(message, isMine), message, isMine, isContinued })
    before = current
    if (message.seq === reloadedAfter) rows.push(reloaded)
  }

  const settled = new Set(rows.map((row) => row.key))
  for (const entry of pending) {
    // Another tab's, and its event was faster than the news that it is done.
    if (settled.has(pendingKey(entry.clientId))) continue
    const day = dayOf(entry.writtenAt)
    /** @type {Voice} */
    const current = { username, at: Date.parse(entry.writtenAt), day }
    if (day !== before?.day) rows.push({ kind: "day", key: `day:${day}:pending`, day })
    rows.push({ kind: "pending", key: pendingKey(entry.clientId), entry, isContinued: belongsTogether(before, current) })
    before = current
  }
  return rows
}

/**
 * A message that was pending keeps its key, and so its place on the screen, when it settles.
 *
 * @param {Parley.Message} message
 * @param {boolean} isMine
 */
function messageKey(message, isMine) {
  // Drawn anew once its text is gone.
  if (message.removed) return `removed:${message.seq}`
  return isMine && message.clientId ? pendingKey(message.clientId) : `seq:${message.seq}`
}

/** @param {string} clientId */
function pendingKey(clientId) {
  return `client:${clientId}`
}

/**
 * @param {Voice | null} before
 * @param {Voice} current
 */
function belongsTogether(before, current) {
  return before !== null
    && before.username === current.username
    && before.day === current.day
    && current.at - before.at < GROUP_MS
}

/**
 * The message above which the line goes. None where nothing is above it (it would say nothing), where its place is
 * not loaded yet, or where all that follows is one's own.
 *
 * @param {Parley.Message[]} messages
 * @param {string} username
 * @param {number | null} unreadAfter
 */
function unreadLineSeq(messages, username, unreadAfter) {
  const first = messages[0]
  if (unreadAfter === null || !first || first.seq > unreadAfter) return null
  const unread = messages.filter((message) => message.seq > unreadAfter && !message.removes)
  return unread.some((message) => message.sender.username !== username) ? unread[0]?.seq ?? null : null
}
