import { backoffDelay } from "./backoff.js"
import { systemClock } from "./clock.js"

/** An event may overtake another by this much without our asking the server for what is merely under way. */
export const OVERTAKING_MS = 300

/** Messages asked for at once. */
export const PAGE_SIZE = 100

/**
 * @typedef {object} CatchUpParts
 * @property {import("./timeline.js").Timeline} timeline
 * @property {(after: number, limit: number) => Promise<{ messages: Parley.Message[], hasMore: boolean }>} fetchAfter
 * @property {(added: Parley.Message[]) => void} onAdded
 * @property {Parley.Clock} [clock]
 */

/** Fetches what was missed: after every connect, and whenever the numbers show a gap. One fetch at a time. */
export class CatchUp {
  #parts
  #clock
  #isRunning = false
  #isWanted = false
  #failures = 0
  /** @type {unknown} */
  #timer = null

  /** @param {CatchUpParts} parts */
  constructor(parts) {
    this.#parts = parts
    this.#clock = parts.clock ?? systemClock
  }

  /** Looks a little later whether there is (still) a gap. */
  checkSoon() {
    if (!this.#parts.timeline.hasGap) return
    this.#later(OVERTAKING_MS, () => {
      if (this.#parts.timeline.hasGap) void this.run()
    })
  }

  async run() {
    this.#isWanted = true
    if (this.#isRunning) return
    this.#isRunning = true
    try {
      while (this.#isWanted) {
        this.#isWanted = false
        await this.#fetchAll()
      }
      this.#failures = 0
    } catch {
      // Offline again, most likely; then the next connect starts over. Otherwise this does.
      this.#later(backoffDelay(++this.#failures), () => void this.run())
    } finally {
      this.#isRunning = false
    }
  }

  async #fetchAll() {
    const { timeline, fetchAfter, onAdded } = this.#parts
    for (;;) {
      const after = timeline.contiguousSeq
      const page = await fetchAfter(after, PAGE_SIZE)
      const added = timeline.merge(page.messages)
      const last = page.messages[page.messages.length - 1]
      if (last) timeline.confirmThrough(last.seq)
      if (added.length > 0) onAdded(added)
      if (!page.hasMore || timeline.contiguousSeq === after) return
    }
  }

  /**
   * @param {number} milliseconds
   * @param {() => void} action
   */
  #later(milliseconds, action) {
    this.#clock.clearTimeout(this.#timer)
    this.#timer = this.#clock.setTimeout(action, milliseconds)
  }
}
