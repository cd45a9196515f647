/**
 * The messages of one room, by `seq`. Merging is idempotent and its order does not matter: an event, the answer to a
 * refetch and a page of history may overlap in any way.
 */
export class Timeline {
  /** @type {Map<number, Parley.Message>} */
  #bySeq = new Map()
  /** @type {number[]} ascending */
  #seqs = []
  #contiguousSeq
  /** @type {Map<number, string>} who removed what, by the place of the message */
  #removed = new Map()

  /**
   * @param {Parley.Message[]} messages a page that ends with the newest message
   * @param {boolean} hasMore whether there are messages before the page
   */
  constructor(messages, hasMore) {
    this.hasMore = hasMore
    this.#contiguousSeq = 0
    this.replace(messages, hasMore)
  }

  /**
   * Begins anew with a page that ends with the newest message: what was here is worth nothing.
   *
   * @param {Parley.Message[]} messages
   * @param {boolean} hasMore
   */
  replace(messages, hasMore) {
    this.hasMore = hasMore
    this.#bySeq.clear()
    this.#removed.clear()
    this.#seqs = []
    this.#contiguousSeq = messages.length === 0 ? 0 : Math.min(...messages.map((message) => message.seq)) - 1
    this.merge(messages)
  }

  /** Ascending. */
  get messages() {
    return this.#seqs.map((seq) => /** @type {Parley.Message} */ (this.#bySeq.get(seq)))
  }

  /** The first message that is here, or null. */
  get oldestSeq() {
    return this.#seqs[0] ?? null
  }

  /** The last message that is here, or 0. */
  get lastSeq() {
    return this.#seqs[this.#seqs.length - 1] ?? 0
  }

  /** Up to here nothing is missing. What follows has to be asked for "after" this. */
  get contiguousSeq() {
    return this.#contiguousSeq
  }

  get hasGap() {
    return this.lastSeq > this.#contiguousSeq
  }

  /** @param {number} seq */
  has(seq) {
    return this.#bySeq.has(seq)
  }

  /**
   * @param {Parley.Message[]} messages
   * @returns {Parley.Message[]} those that were not here before
   */
  merge(messages) {
    const added = messages.filter((message) => !this.#bySeq.has(message.seq))
    for (const message of messages) {
      this.#bySeq.set(message.seq, message)
      if (message.removes) this.#removed.set(message.removes, message.sender.username)
    }
    this.#applyRemovals()
    if (added.length > 0) this.#seqs = [...this.#bySeq.keys()].sort((a, b) => a - b)
    this.#advance()
    return added
  }

  /**
   * Somebody is called otherwise from now on, also in what they said before.
   *
   * @param {string} username
   * @param {Parley.Person} person
   * @param {boolean} isErased the texts of what they said are gone
   */
  rename(username, person, isErased) {
    for (const [seq, message] of this.#bySeq) {
      if (message.sender.username !== username) continue
      const isGone = isErased && !message.removes
      this.#bySeq.set(seq, { ...message, sender: person, ...(isGone ? { text: "", removed: /** @type {const} */ ("author") } : {}) })
    }
  }

  /**
   * The server has told everything up to here, so what is missing does not exist. Without this a hole in the
   * numbers would be asked for forever.
   *
   * @param {number} seq
   */
  confirmThrough(seq) {
    this.#contiguousSeq = Math.max(this.#contiguousSeq, seq)
    this.#advance()
  }

  /**
   * Lets go of the oldest, so that a tab which stays open for weeks does not grow forever. They can be loaded again.
   *
   * @param {number} count how many to keep
   */
  keepNewest(count) {
    for (const seq of this.#seqs.slice(0, -count)) this.#bySeq.delete(seq)
    if (this.#seqs.length > count) this.hasMore = true
    this.#seqs = this.#seqs.slice(-count)
  }

  /** A page that was asked for before a removal may come after it: the text does not come back with it. */
  #applyRemovals() {
    for (const [seq, remover] of this.#removed) {
      const message = this.#bySeq.get(seq)
      if (!message || message.removed) continue
      const removed = remover === message.sender.username ? "author" : "moderator"
      this.#bySeq.set(seq, { ...message, text: "", removed })
    }
  }

  #advance() {
    while (this.#bySeq.has(this.#contiguousSeq + 1)) this.#contiguousSeq += 1
  }
}
