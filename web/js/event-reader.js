import { address } from "./base.js"
/**
 * @typedef {object} Listener
 * @property {(text: string) => void} onText a frame, in order
 * @property {() => void} onLost nothing more will come
 */

/**
 * Fetches what the server says on an event stream.
 *
 * @typedef {object} Reader
 * @property {(stream: string, listener: Listener) => void} start
 * @property {() => void} stop
 */

/**
 * The address of an event stream.
 *
 * @param {string} stream
 */
export function eventsPath(stream) {
  return `/api/events/${encodeURIComponent(stream)}/`
}

/**
 * Reads server-sent events.
 *
 * @implements {Reader}
 */
export class EventStreamReader {
  /** @type {EventSource | null} */
  #source = null

  /**
   * @param {string} stream
   * @param {Listener} listener
   */
  start(stream, { onText, onLost }) {
    this.#source = new EventSource(address(eventsPath(stream)))
    this.#source.onmessage = (event) => onText(event.data)
    // It would come back by itself, and where the stream is gone, for ever. The connection above knows better when.
    this.#source.onerror = () => {
      this.stop()
      onLost()
    }
  }

  stop() {
    this.#source?.close()
    this.#source = null
  }
}

/**
 * Asks again and again; each question waits at the server until there is something to say.
 *
 * @implements {Reader}
 */
export class PollingReader {
  #api
  #isStopped = false

  /** @param {import("./api.js").Api} api */
  constructor(api) {
    this.#api = api
  }

  /**
   * @param {string} stream
   * @param {Listener} listener
   */
  start(stream, { onText, onLost }) {
    void this.#poll(stream, onText).catch(() => this.#isStopped || onLost())
  }

  stop() {
    this.#isStopped = true
  }

  /**
   * @param {string} stream
   * @param {(text: string) => void} onText
   */
  async #poll(stream, onText) {
    let after = 0
    while (!this.#isStopped) {
      for (const { id, frame } of await this.#api.pollEvents(stream, after)) {
        after = id
        if (!this.#isStopped) onText(JSON.stringify(frame))
      }
    }
  }
}
