import { need } from "./dom.js"
import { stopSentence } from "./protocol.js"

/** Trouble that is over sooner than this is not worth a word. */
const PATIENCE_MS = 1_000

/**
 * What to say about the connection: nothing while it is well.
 *
 * @param {Parley.ConnectionState} state
 * @param {number} now
 * @param {boolean} isOnline whether the browser believes that there is a network
 * @returns {{ text: string, retry: string, isTrouble: boolean }} `retry` is what the button says; nothing for no button
 */
export function describeConnection(state, now, isOnline) {
  switch (state.name) {
    case "idle":
    case "open":
      return { text: "", retry: "", isTrouble: false }
    case "connecting":
      return { text: "Connecting…", retry: "", isTrouble: true }
    case "waiting": {
      if (!isOnline) return { text: "Offline", retry: "Try now", isTrouble: true }
      const seconds = Math.max(1, Math.ceil((state.retryAt - now) / 1000))
      return { text: `Reconnecting in ${seconds} s`, retry: "Try now", isTrouble: true }
    }
    case "stopped":
      return { text: stopSentence(state.code), retry: stopRetry(state.code), isTrouble: true }
    case "signed-out":
      return { text: "Signed out", retry: "", isTrouble: true }
  }
}

/** @param {number} code */
function stopRetry(code) {
  if (code === 4202) return "Use it here"
  return code < 4000 ? "Try now" : ""
}

/** The quiet sign in the header that says when the connection is not there. */
export class ConnectionView {
  #pill = need(document, "[data-connection]", HTMLElement)
  #text = need(document, "[data-connection-text]", HTMLElement)
  #retry = need(document, "[data-connection-retry]", HTMLButtonElement)
  #announcement = need(document, "[data-connection-announcement]", HTMLElement)
  #detour = need(document, "[data-connection-detour]", HTMLElement)
  /** @type {Parley.ConnectionState} */
  #state = { name: "idle" }
  #wasAnnounced = false
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #patience
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #countdown

  /** @param {{ onRetry: () => void }} parts */
  constructor({ onRetry }) {
    this.#retry.addEventListener("click", onRetry)
  }

  /**
   * @param {Parley.ConnectionState} state
   * @param {boolean} isDetour connected, but by another way than WebSocket
   */
  show(state, isDetour) {
    this.#state = state
    this.#detour.hidden = !(isDetour && state.name === "open")
    const { isTrouble } = this.#describe()
    if (!isTrouble) this.#settle()
    else if (this.#pill.hidden) this.#patience ??= setTimeout(() => this.#reveal(), PATIENCE_MS)
    else this.#draw()
  }

  // Internal

  #reveal() {
    this.#pill.hidden = false
    this.#countdown = setInterval(() => this.#draw(), 500)
    this.#draw()
  }

  #draw() {
    const { text, retry } = this.#describe()
    this.#text.textContent = text
    this.#retry.textContent = retry
    this.#retry.hidden = retry === ""
    // The countdown is for the eyes only; ears are told once that it is gone and once that it is back.
    if (this.#wasAnnounced && this.#state.name !== "stopped") return
    this.#wasAnnounced = true
    const sentence = this.#state.name === "stopped" ? text : "Not connected. What you write is kept and sent later."
    if (this.#announcement.textContent !== sentence) this.#announcement.textContent = sentence
  }

  #settle() {
    clearTimeout(this.#patience)
    clearInterval(this.#countdown)
    this.#patience = undefined
    this.#pill.hidden = true
    if (this.#wasAnnounced) this.#announcement.textContent = "Connected again."
    this.#wasAnnounced = false
  }

  #describe() {
    return describeConnection(this.#state, Date.now(), navigator.onLine)
  }
}
