/**
 * Messages that the server has not confirmed yet, in the order they were written. Kept in the tab's storage, so
 * that a reload or a lost connection loses nothing. Holds all rooms: one may write, change rooms, and only then
 * come back online.
 */
export class Outbox {
  #storage
  #key
  /** @type {Parley.OutboxEntry[]} */
  #entries

  /**
   * @param {Parley.StorageLike} storage
   * @param {string} username
   */
  constructor(storage, username) {
    this.#storage = storage
    this.#key = `parley.outbox.${username}`
    this.#entries = readEntries(storage.getItem(this.#key))
    this.requeue()
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
    this.#entries.push({ clientId, room, text, writtenAt, state: "queued", problem: null })
    this.#save()
  }

  /** @param {string} clientId */
  markSent(clientId) {
    this.#change(clientId, "sent", null)
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
    this.#save()
  }

  /** @param {string} clientId */
  remove(clientId) {
    this.#entries = this.#entries.filter((entry) => entry.clientId !== clientId)
    this.#save()
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
    this.#save()
  }

  #save() {
    if (this.#entries.length === 0) this.#storage.removeItem(this.#key)
    else this.#storage.setItem(this.#key, JSON.stringify(this.#entries))
  }
}

/**
 * @param {string | null} stored
 * @returns {Parley.OutboxEntry[]}
 */
function readEntries(stored) {
  try {
    const entries = JSON.parse(stored ?? "[]")
    return Array.isArray(entries) ? entries.filter(isEntry) : []
  } catch {
    return []
  }
}

/** @param {any} entry */
function isEntry(entry) {
  return ["clientId", "room", "text", "writtenAt"].every((field) => typeof entry?.[field] === "string")
    && ["queued", "sent", "failed"].includes(entry.state)
}
