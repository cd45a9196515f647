/**
 * Messages that the server has not confirmed yet, in the order they were written. Kept in the browser, each under a
 * key of its own, so that neither a reload nor a closed tab nor a lost connection loses one. All tabs of a person share
 * them, and whoever comes first sends: the `clientId` makes sure that it is stored once. Holds all rooms: one may
 * write, change rooms, and only then come back online.
 */
export class Outbox {
  #storage
  #prefix
  /** @type {Parley.OutboxEntry[]} */
  #entries

  /**
   * @param {Parley.SharedStorageLike} storage
   * @param {string} username
   */
  constructor(storage, username) {
    this.#storage = storage
    this.#prefix = `parley.outbox.${username}/`
    const keys = storage.keys().filter((key) => key.startsWith(this.#prefix))
    this.#entries = keys.flatMap((key) => readEntry(storage.getItem(key)) ?? []).sort((a, b) => a.order - b.order)
  }

  get entries() {
    return this.#entries
  }

  /**
   * @param {string} room
   * @returns {Parley.OutboxEntry[]}
   */
  inRoom(room) {
    return this.#entries.filter((entry) => entry.room === room)
  }

  /** @param {string} clientId */
  find(clientId) {
    return this.#entries.find((entry) => entry.clientId === clientId)
  }

  /** The one to send next, or undefined. */
  get next() {
    return this.#entries.find((entry) => entry.state === "queued")
  }

  /** @param {{ clientId: string, room: string, text: string, writtenAt: string }} message */
  add({ clientId, room, text, writtenAt }) {
    const order = (this.#entries[this.#entries.length - 1]?.order ?? 0) + 1
    /** @type {Parley.OutboxEntry} */
    const entry = { clientId, room, text, writtenAt, order, state: "queued", problem: null }
    this.#entries.push(entry)
    this.#save(entry)
  }

  /** @param {string} clientId */
  markSent(clientId) {
    const entry = this.find(clientId)
    // Not written down: it is true of this tab's connection only.
    if (entry) entry.state = "sent"
  }

  /**
   * @param {string} clientId
   * @param {string} problem why, in a sentence
   */
  markFailed(clientId, problem) {
    this.#change(clientId, "failed", problem)
  }

  /** @param {string} clientId */
  retry(clientId) {
    this.#change(clientId, "queued", null)
  }

  /** The connection is new: nobody knows what became of what was on its way, so it goes again, under the same id. */
  requeue() {
    for (const entry of this.#entries) {
      if (entry.state === "sent") entry.state = "queued"
    }
  }

  /** @param {string} clientId */
  remove(clientId) {
    this.#forget(clientId)
    this.#storage.removeItem(this.#prefix + clientId)
  }

  /** Signing out leaves nothing behind. */
  clear() {
    for (const { clientId } of this.#entries) this.remove(clientId)
  }

  /**
   * Another tab has changed the storage.
   *
   * @param {string | null} key
   * @param {string | null} value
   * @returns {boolean} whether it was about the outbox
   */
  changedElsewhere(key, value) {
    if (!key?.startsWith(this.#prefix)) return false
    const entry = readEntry(value)
    this.#forget(key.slice(this.#prefix.length))
    if (entry) this.#entries = [...this.#entries, entry].sort((a, b) => a.order - b.order)
    return true
  }

  // Internal

  /**
   * @param {string} clientId
   * @param {Parley.OutboxEntry["state"]} state
   * @param {string | null} problem
   */
  #change(clientId, state, problem) {
    const entry = this.find(clientId)
    if (!entry) return
    entry.state = state
    entry.problem = problem
    this.#save(entry)
  }

  /** @param {Parley.OutboxEntry} entry */
  #save(entry) {
    this.#storage.setItem(this.#prefix + entry.clientId, JSON.stringify(entry))
  }

  /** @param {string} clientId */
  #forget(clientId) {
    this.#entries = this.#entries.filter((entry) => entry.clientId !== clientId)
  }
}

/**
 * @param {string | null} stored
 * @returns {Parley.OutboxEntry | null}
 */
function readEntry(stored) {
  try {
    const entry = JSON.parse(stored ?? "null")
    return isEntry(entry) ? entry : null
  } catch {
    return null
  }
}

/** @param {any} entry */
function isEntry(entry) {
  return ["clientId", "room", "text", "writtenAt"].every((field) => typeof entry?.[field] === "string")
    && typeof entry.order === "number"
    && ["queued", "failed"].includes(entry.state)
}
