/** Silence that makes us ask whether the server is still there. */
export const SILENCE_MS = 30_000

/** How long the answer to that may take. */
export const ANSWER_MS = 10_000

/**
 * Notices that a connection is dead although nobody closed it: a laptop that slept, a proxy that forgot us,
 * a telephone in a tunnel. TCP alone may take many minutes to say so.
 */
export class Liveness {
  #clock
  #ping
  #onDead
  /** @type {unknown} */
  #timer = null
  #isAsking = false

  /**
   * @param {{ clock: Parley.Clock, ping: () => void, onDead: () => void }} parts
   */
  constructor({ clock, ping, onDead }) {
    this.#clock = clock
    this.#ping = ping
    this.#onDead = onDead
  }

  /** Something arrived, whatever it was. Also starts the watch. */
  heard() {
    this.#isAsking = false
    this.#schedule(SILENCE_MS, () => this.ask())
  }

  /** Asks now: after waking up, or when the network has changed. */
  ask() {
    if (this.#isAsking) return
    this.#isAsking = true
    this.#schedule(ANSWER_MS, this.#onDead)
    this.#ping()
  }

  stop() {
    this.#isAsking = false
    this.#clock.clearTimeout(this.#timer)
    this.#timer = null
  }

  /**
   * @param {number} milliseconds
   * @param {() => void} action
   */
  #schedule(milliseconds, action) {
    this.#clock.clearTimeout(this.#timer)
    this.#timer = this.#clock.setTimeout(action, milliseconds)
  }
}
