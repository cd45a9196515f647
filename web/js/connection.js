import { backoffDelay } from "./backoff.js"
import { systemClock } from "./clock.js"
import { Liveness } from "./liveness.js"
import { closeAction, parseFrame, pingFrame } from "./protocol.js"

/** A handshake that takes longer than this has failed. */
export const HANDSHAKE_MS = 10_000

/** A connection that lasted this long was a success: the next wait starts small again. */
export const STABLE_MS = 5_000

/** Browsers hide the status of a refused handshake, so after this many we ask the HTTP API who we are. */
export const HANDSHAKES_BEFORE_PROBE = 2

/**
 * @typedef {object} ConnectionParts
 * @property {() => Parley.SocketLike} open makes a new WebSocket; may throw
 * @property {() => Promise<boolean>} isSignedOut true only where the server says so; false when it cannot be asked
 * @property {(frame: Parley.ServerFrame) => void} onFrame
 * @property {(state: Parley.ConnectionState) => void} onState
 * @property {Parley.Clock} [clock]
 * @property {() => number} [random]
 */

/**
 * One socket that is kept open: idle -> connecting -> open -> waiting -> connecting -> ... until the server says to
 * stop or to sign in. It knows nothing of rooms or messages, and it never repeats a frame by itself.
 */
export class Connection {
  #parts
  #clock
  #random
  /** @type {Parley.SocketLike | null} */
  #socket = null
  /** @type {Parley.ConnectionState} */
  #state = { name: "idle" }
  #attempt = 0
  #failedHandshakes = 0
  #pings = 0
  /** @type {unknown} */
  #timer = null
  #liveness

  /** @param {ConnectionParts} parts */
  constructor(parts) {
    this.#parts = parts
    this.#clock = parts.clock ?? systemClock
    this.#random = parts.random ?? Math.random
    this.#liveness = new Liveness({
      clock: this.#clock,
      ping: () => this.send(pingFrame({ id: `ping-${++this.#pings}` })),
      onDead: () => this.#lost(1006),
    })
  }

  get state() {
    return this.#state
  }

  start() {
    if (this.#state.name === "idle") this.#connect()
  }

  /** Closes for good, until `start` is called again. */
  stop() {
    this.#release()?.close(1000)
    this.#enter({ name: "idle" })
  }

  /** Does not wait any longer. While a connection stands, only makes sure that it does. */
  retryNow() {
    if (this.#state.name === "waiting" || this.#state.name === "stopped") this.#connect()
    else if (this.#state.name === "open") this.#liveness.ask()
  }

  /**
   * @param {Parley.ClientFrame} frame
   * @returns {boolean} whether the frame was handed to an open socket. That is no promise that it arrives.
   */
  send(frame) {
    if (this.#state.name !== "open" || !this.#socket) return false
    this.#socket.send(JSON.stringify(frame))
    return true
  }

  // Internal

  #connect() {
    this.#clock.clearTimeout(this.#timer)
    this.#enter({ name: "connecting" })
    try {
      this.#socket = this.#parts.open()
    } catch {
      this.#handshakeFailed()
      return
    }
    this.#socket.onopen = () => this.#opened()
    this.#socket.onmessage = (event) => this.#received(event.data)
    this.#socket.onclose = (event) => this.#lost(event.code)
    this.#timer = this.#clock.setTimeout(() => this.#lost(1006), HANDSHAKE_MS)
  }

  #opened() {
    this.#failedHandshakes = 0
    this.#clock.clearTimeout(this.#timer)
    this.#timer = this.#clock.setTimeout(() => { this.#attempt = 0 }, STABLE_MS)
    this.#enter({ name: "open" })
    // Some proxies let the handshake through and swallow what comes after it. Silence would hide that for long.
    this.#liveness.ask()
  }

  /** @param {unknown} data */
  #received(data) {
    this.#liveness.heard()
    const frame = parseFrame(data)
    if (frame) this.#parts.onFrame(frame)
  }

  /** @param {number} code */
  #lost(code) {
    const wasConnecting = this.#state.name === "connecting"
    // A dead socket may take its time to close. Nobody listens to it any more.
    this.#release()?.close()
    switch (closeAction(code)) {
      case "sign-in": return this.#enter({ name: "signed-out" })
      case "stop": return this.#enter({ name: "stopped", code })
      case "retry": return wasConnecting ? this.#handshakeFailed() : this.#wait()
    }
  }

  #handshakeFailed() {
    this.#failedHandshakes += 1
    this.#wait()
    if (this.#failedHandshakes >= HANDSHAKES_BEFORE_PROBE) void this.#probe()
  }

  async #probe() {
    const isSignedOut = await this.#parts.isSignedOut()
    if (!isSignedOut || this.#state.name === "open" || this.#state.name === "idle") return
    this.#release()?.close()
    this.#enter({ name: "signed-out" })
  }

  #wait() {
    const delay = backoffDelay(this.#attempt++, this.#random)
    this.#clock.clearTimeout(this.#timer)
    this.#timer = this.#clock.setTimeout(() => this.#connect(), delay)
    this.#enter({ name: "waiting", retryAt: this.#clock.now() + delay })
  }

  /** Lets go of the socket and of everything that waits on it. */
  #release() {
    const socket = this.#socket
    this.#socket = null
    this.#liveness.stop()
    this.#clock.clearTimeout(this.#timer)
    if (socket) socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null
    return socket
  }

  /** @param {Parley.ConnectionState} state */
  #enter(state) {
    this.#state = state
    this.#parts.onState(state)
  }
}
