import { systemClock } from "./clock.js"

/** Positions are told at most this often. */
export const READ_INTERVAL_MS = 1_000

/**
 * Tells the server how far one has read. Only ever forward, and not for every message in a lively room: the first at
 * once, then the latest of each second.
 */
export class Reads {
  #send
  #clock
  #readSeq
  #toldSeq
  #isResting = false

  /**
   * @param {{ readSeq: number, send: (seq: number) => boolean, clock?: Parley.Clock }} parts
   */
  constructor({ readSeq, send, clock = systemClock }) {
    this.#send = send
    this.#clock = clock
    this.#readSeq = readSeq
    this.#toldSeq = readSeq
  }

  /** How far one has read, told or not. */
  get readSeq() {
    return this.#readSeq
  }

  /**
   * These messages are on the screen, and somebody is looking.
   *
   * @param {number} seq
   */
  saw(seq) {
    if (seq <= this.#readSeq) return
    this.#readSeq = seq
    this.flush()
  }

  /**
   * The position moved on another device.
   *
   * @param {number} seq
   */
  movedTo(seq) {
    this.#readSeq = Math.max(this.#readSeq, seq)
    this.#toldSeq = Math.max(this.#toldSeq, seq)
  }

  /** The messages are others now, and so are their numbers: nothing of them has been seen. */
  restart() {
    this.#readSeq = 0
    this.#toldSeq = 0
  }

  /** Tells what is not told yet; also after a reconnect. */
  flush() {
    if (this.#isResting || this.#readSeq <= this.#toldSeq) return
    if (!this.#send(this.#readSeq)) return
    this.#toldSeq = this.#readSeq
    this.#isResting = true
    this.#clock.setTimeout(() => {
      this.#isResting = false
      this.flush()
    }, READ_INTERVAL_MS)
  }
}
