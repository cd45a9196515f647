// Stand-ins for what the browser has and Node has not, with the time in the test's hands.

/** A clock that moves only when told to. */
export class FakeClock {
  #now = 0
  #next = 1
  /** @type {Map<number, { at: number, action: () => void }>} */
  #timers = new Map()

  now() {
    return this.#now
  }

  /**
   * @param {() => void} action
   * @param {number} milliseconds
   */
  setTimeout(action, milliseconds) {
    this.#timers.set(this.#next, { at: this.#now + milliseconds, action })
    return this.#next++
  }

  /** @param {unknown} handle */
  clearTimeout(handle) {
    this.#timers.delete(/** @type {number} */ (handle))
  }

  /** @param {number} milliseconds */
  advance(milliseconds) {
    const end = this.#now + milliseconds
    for (;;) {
      const due = [...this.#timers].filter(([, timer]) => timer.at <= end).sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0]
      if (!due) break
      this.#timers.delete(due[0])
      this.#now = due[1].at
      due[1].action()
    }
    this.#now = end
  }
}

/** @implements {Parley.SocketLike} */
export class FakeSocket {
  /** @type {((event: any) => void) | null} */
  onopen = null
  /** @type {((event: any) => void) | null} */
  onmessage = null
  /** @type {((event: any) => void) | null} */
  onclose = null
  /** @type {((event: any) => void) | null} */
  onerror = null
  /** @type {any[]} */
  sent = []
  isClosed = false

  /** @param {string} data */
  send(data) {
    this.sent.push(JSON.parse(data))
  }

  close() {
    this.isClosed = true
  }

  opens() {
    this.onopen?.({})
  }

  /** @param {unknown} frame */
  says(frame) {
    this.onmessage?.({ data: JSON.stringify(frame) })
  }

  /** @param {number} code */
  closes(code) {
    this.onclose?.({ code })
  }
}

/** @implements {Parley.SharedStorageLike} */
export class FakeStorage {
  /** @type {Map<string, string>} */
  items = new Map()

  /** @param {string} key */
  getItem(key) {
    return this.items.get(key) ?? null
  }

  /**
   * @param {string} key
   * @param {string} value
   */
  setItem(key, value) {
    this.items.set(key, value)
  }

  /** @param {string} key */
  removeItem(key) {
    this.items.delete(key)
  }

  keys() {
    return [...this.items.keys()].reverse() // Browsers promise no order.
  }
}

/**
 * @param {number} seq
 * @param {{ by?: string, at?: string, text?: string, clientId?: string }} fields
 * @returns {Parley.Message}
 */
export function message(seq, { by = "oberon", at = "2026-01-02T12:00:00.000Z", text = `message ${seq}`, clientId } = {}) {
  return { seq, sender: { username: by, name: by }, text, sentAt: at, clientId: clientId ?? null }
}

/** Lets every promise that can settle do so. */
export async function settle() {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}

/**
 * @param {Partial<Parley.Room>} [fields]
 * @returns {Parley.Room}
 */
export function roomObject(fields) {
  return {
    slug: "lobby", name: "Lobby", topic: "", kind: "public", isMember: true, epoch: "e-1", lastSeq: 0, readSeq: 0, unread: 0,
    members: null, slowSeconds: 0, isLocked: false, isAnnouncement: false, role: "member", permissions: [], muted: null,
    banned: null, ...fields,
  }
}
