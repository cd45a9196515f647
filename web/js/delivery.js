import { backoffDelay } from "./backoff.js"
import { systemClock } from "./clock.js"
import { chatMessageFrame } from "./protocol.js"

/** After this long without an answer the next message no longer waits for this one. */
export const CONFIRM_MS = 10_000

/** The least wait before a message that was refused for a moment goes again. */
export const REFUSED_MS = 1_000

/**
 * @typedef {object} DeliveryParts
 * @property {import("./outbox.js").Outbox} outbox
 * @property {(frame: Parley.ClientFrame) => boolean} send
 * @property {(entry: Parley.OutboxEntry, seq: number) => void} onConfirmed
 * @property {() => void} onChange the outbox looks different now
 * @property {Parley.Clock} [clock]
 * @property {() => number} [random]
 */

/**
 * Takes messages from the outbox to the server, one at a time: a message leaves when the one before it is
 * confirmed, so that they arrive in the order in which they were written, whatever fails in between.
 */
export class Delivery {
  #parts
  #clock
  #random
  /** @type {string | null} the message whose answer is awaited */
  #current = null
  #refusals = 0
  #isPaused = false
  /** @type {unknown} */
  #timer = null

  /** @param {DeliveryParts} parts */
  constructor(parts) {
    this.#parts = parts
    this.#clock = parts.clock ?? systemClock
    this.#random = parts.random ?? Math.random
  }

  /** The connection stands anew. Everything that is not confirmed goes (again). */
  connected() {
    this.#reset()
    this.#parts.outbox.requeue()
    this.advance()
  }

  disconnected() {
    this.#reset()
  }

  /** Sends the next message, if it may leave now. Call it after anything was added. */
  advance() {
    if (this.#current !== null || this.#isPaused) return
    const entry = this.#parts.outbox.next
    if (!entry) return
    const { clientId, room, text } = entry
    if (!this.#parts.send(chatMessageFrame({ id: clientId, room, message: text, clientId }))) return
    this.#parts.outbox.markSent(clientId)
    this.#current = clientId
    this.#timer = this.#clock.setTimeout(() => this.#finish(clientId), CONFIRM_MS)
  }

  /**
   * The server's answer to a frame, if it was one of ours.
   *
   * @param {Extract<Parley.ServerFrame, { type: "ok" | "error" }>} frame
   */
  answered(frame) {
    if (typeof frame.re !== "string") return
    const entry = this.#parts.outbox.find(frame.re)
    if (entry && frame.type === "ok") this.#confirmed(entry, frame.seq ?? 0)
    if (entry && frame.type === "error") this.#refused(entry, frame)
    this.#finish(frame.re)
  }

  /**
   * A message of ours came back as an event. That is as good as an answer.
   *
   * @param {string} clientId
   */
  arrived(clientId) {
    this.#parts.outbox.remove(clientId)
    this.#finish(clientId)
  }

  // Internal

  /**
   * @param {Parley.OutboxEntry} entry
   * @param {number} seq
   */
  #confirmed(entry, seq) {
    this.#refusals = 0
    this.#parts.outbox.remove(entry.clientId)
    this.#parts.onConfirmed(entry, seq)
  }

  /**
   * @param {Parley.OutboxEntry} entry
   * @param {{ temporary: boolean, message: string, code: string }} problem
   */
  #refused(entry, problem) {
    // Waiting for slow mode would hold up what is for other rooms.
    if (!problem.temporary || problem.code === "slow_mode") {
      this.#parts.outbox.markFailed(entry.clientId, problem.message)
      this.#parts.onChange()
      return
    }
    this.#parts.outbox.retry(entry.clientId)
    this.#isPaused = true
    this.#clock.setTimeout(() => {
      this.#isPaused = false
      this.advance()
    }, REFUSED_MS + backoffDelay(this.#refusals++, this.#random))
  }

  /** @param {string} clientId */
  #finish(clientId) {
    if (this.#current !== clientId) return
    this.#clock.clearTimeout(this.#timer)
    this.#current = null
    this.advance()
  }

  #reset() {
    this.#clock.clearTimeout(this.#timer)
    this.#current = null
    this.#isPaused = false
  }
}
