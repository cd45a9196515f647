import { systemClock } from "./clock.js"

/** What may happen again and again is said to a screen reader at most this often. */
export const RARELY_MS = 10_000

/** Says to those who listen what others see at the edge of their eye. */
export class Announcer {
  #place
  #clock
  /** @type {number | null} */
  #saidAt = null

  /**
   * @param {{ textContent: string | null }} place an element that screen readers watch (`role="status"`)
   * @param {Parley.Clock} [clock]
   */
  constructor(place, clock = systemClock) {
    this.#place = place
    this.#clock = clock
  }

  /** @param {string} sentence */
  say(sentence) {
    this.#saidAt = this.#clock.now()
    this.#place.textContent = sentence
  }

  /**
   * Says it, unless something was said a moment ago. No sentence: what was said no longer holds, which is worth no word.
   *
   * @param {string} sentence
   */
  sayRarely(sentence) {
    if (sentence === "") this.#place.textContent = ""
    else if (this.#saidAt === null || this.#clock.now() - this.#saidAt >= RARELY_MS) this.say(sentence)
  }
}
