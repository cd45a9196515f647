import { systemClock } from "./clock.js"

/** Handshakes that fail in a row, while the server can be reached, before we believe that they always will. */
export const FAILURES_MAX = 2

/** A socket that was open this long and never said a word is one that something on the way swallows. */
export const MUTE_MS = 5_000

/** How long another way is taken before the best one gets another chance. */
export const MEMORY_MS = 10 * 60_000

const KEY = "parley.transport"

/** @typedef {"websocket" | "stream" | "polling"} TransportName */

/** @typedef {"works" | "refused" | "mute"} Lesson what a socket turned out to be */

/** @type {TransportName[]} best first */
const ORDER = ["websocket", "stream", "polling"]

/**
 * Chooses how to reach the server: by WebSocket, else by an event stream, else by polling. What fails again and again
 * although the server can be reached is passed over for a while; what works is remembered for the tab.
 */
export class Transports {
  #makers
  #isReachable
  #storage
  #clock
  #failures = 0
  /** @type {TransportName} */
  #current

  /**
   * @param {object} parts
   * @param {Record<TransportName, () => Parley.SocketLike>} parts.makers
   * @param {() => Promise<boolean>} parts.isReachable whether plain requests get through
   * @param {Parley.StorageLike} parts.storage
   * @param {Parley.Clock} [parts.clock]
   */
  constructor({ makers, isReachable, storage, clock = systemClock }) {
    this.#makers = makers
    this.#isReachable = isReachable
    this.#storage = storage
    this.#clock = clock
    this.#current = this.#remembered()
  }

  /** The one in use, or to be tried next. */
  get current() {
    return this.#current
  }

  /** @returns {Parley.SocketLike} */
  open() {
    if (this.#current !== "websocket" && this.#remembered() === "websocket") this.#use("websocket")
    return new WatchedSocket(this.#makers[this.#current](), this.#clock, (lesson) => this.#learn(lesson))
  }

  // Internal

  /** @param {Lesson} lesson */
  #learn(lesson) {
    this.#failures = lesson === "works" ? 0 : this.#failures + 1
    // A refusal may be an accident. That a socket opens and then stays mute is none.
    if (lesson === "works" || (lesson === "refused" && this.#failures < FAILURES_MAX)) return
    const failed = this.#current
    void this.#isReachable().then((isReachable) => {
      // A server that is away says nothing about the ways to it.
      if (isReachable && this.#current === failed) this.#use(ORDER[ORDER.indexOf(failed) + 1] ?? "websocket")
    })
  }

  /** @param {TransportName} name */
  #use(name) {
    this.#current = name
    this.#failures = 0
    if (name === "websocket") this.#storage.removeItem(KEY)
    else this.#storage.setItem(KEY, JSON.stringify({ name, until: this.#clock.now() + MEMORY_MS }))
  }

  /** @returns {TransportName} */
  #remembered() {
    try {
      const { name, until } = JSON.parse(this.#storage.getItem(KEY) ?? "{}")
      return ORDER.includes(name) && until > this.#clock.now() ? name : "websocket"
    } catch {
      return "websocket"
    }
  }
}

/**
 * A socket that tells whether it turned out to work.
 *
 * @implements {Parley.SocketLike}
 */
class WatchedSocket {
  /** @type {((event: any) => void) | null} */
  onopen = null
  /** @type {((event: any) => void) | null} */
  onmessage = null
  /** @type {((event: any) => void) | null} */
  onclose = null
  /** @type {((event: any) => void) | null} */
  onerror = null
  #socket
  #clock
  #tell
  /** @type {number | null} */
  #openedAt = null
  #isKnown = false

  /**
   * @param {Parley.SocketLike} socket
   * @param {Parley.Clock} clock
   * @param {(lesson: Lesson) => void} tell called at most once
   */
  constructor(socket, clock, tell) {
    this.#socket = socket
    this.#clock = clock
    this.#tell = tell
    socket.onopen = (event) => {
      this.#openedAt = clock.now()
      this.onopen?.(event)
    }
    socket.onmessage = (event) => {
      this.#learn("works")
      this.onmessage?.(event)
    }
    socket.onerror = (event) => this.onerror?.(event)
    socket.onclose = (event) => {
      this.#judge()
      this.onclose?.(event)
    }
  }

  /** @param {string} data */
  send(data) {
    this.#socket.send(data)
  }

  /** @param {number} [code] */
  close(code) {
    // Left on purpose before it could do anything: nothing is learned from that.
    if (code !== 1000) this.#judge()
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = this.#socket.onerror = null
    this.#socket.close(code)
  }

  #judge() {
    if (this.#openedAt === null) this.#learn("refused")
    else if (this.#clock.now() - this.#openedAt >= MUTE_MS) this.#learn("mute")
  }

  /** @param {Lesson} lesson */
  #learn(lesson) {
    if (this.#isKnown) return
    this.#isKnown = true
    this.#tell(lesson)
  }
}
