/** A reply to our own first ping, which nobody else needs to see. */
const HELLO = "hello"

/** No word from the server after this long: something on the way holds the answers back. */
export const FIRST_WORD_MS = 5_000

/**
 * @typedef {object} HttpSocketParts
 * @property {import("./api.js").Api} api
 * @property {import("./event-reader.js").Reader} reader how what the server says is fetched
 * @property {Parley.Clock} clock
 */

/**
 * Looks like a WebSocket and is none: frames go out as requests, one after another, and come in through an event
 * stream or by polling (docs/protocol.md, "Without WebSocket"). It counts as open when the server's first word is here,
 * so that a proxy which holds answers back is found out.
 */
export class HttpSocket {
  /** @type {((event: any) => void) | null} */
  onopen = null
  /** @type {((event: any) => void) | null} */
  onmessage = null
  /** @type {((event: any) => void) | null} */
  onclose = null
  /** @type {((event: any) => void) | null} */
  onerror = null
  #api
  #reader
  #clock
  /** @type {string | null} */
  #stream = null
  #isOpen = false
  #isOver = false
  /** @type {Promise<void>} */
  #sending = Promise.resolve()
  /** @type {unknown} */
  #timer

  /** @param {HttpSocketParts} parts */
  constructor({ api, reader, clock }) {
    this.#api = api
    this.#reader = reader
    this.#clock = clock
    void this.#begin()
  }

  /** @param {string} data */
  send(data) {
    this.#sending = this.#sending.then(async () => {
      if (this.#stream !== null && !this.#isOver) await this.#api.sendFrame(this.#stream, data)
    }).catch(() => this.#lose())
  }

  close() {
    this.#stop()
    this.#leave()
  }

  // Internal

  async #begin() {
    try {
      this.#stream = await this.#api.openEvents()
    } catch {
      return this.#end(1006)
    }
    if (this.#isOver) return this.#leave()
    this.#timer = this.#clock.setTimeout(() => this.#lose(), FIRST_WORD_MS)
    this.#reader.start(this.#stream, { onText: (text) => this.#hear(text), onLost: () => this.#lose() })
    this.send(JSON.stringify({ type: "ping", id: HELLO }))
  }

  /** @param {string} text */
  #hear(text) {
    if (this.#isOver) return
    const frame = JSON.parse(text)
    if (frame.type === "close") {
      this.#stream = null
      return this.#end(frame.code)
    }
    if (!this.#isOpen) {
      this.#isOpen = true
      this.#clock.clearTimeout(this.#timer)
      this.onopen?.({})
    }
    if (frame.re !== HELLO) this.onmessage?.({ data: text })
  }

  /** We no longer hear it. It may be there still, also when it is the browser that lets go because the page is left. */
  #lose() {
    if (this.#isOver) return
    this.#leave()
    this.#end(1006)
  }

  /** The server would keep it, and the person would seem to be there, for another minute. */
  #leave() {
    const stream = this.#stream
    this.#stream = null
    if (stream !== null) this.#api.closeEvents(stream).catch(() => {})
  }

  /** @param {number} code */
  #end(code) {
    if (this.#isOver) return
    this.#stop()
    this.onclose?.({ code })
  }

  #stop() {
    this.#isOver = true
    this.#clock.clearTimeout(this.#timer)
    this.#reader.stop()
  }
}
