import { arrangeChildren } from "./dom.js"
import { createRow, updateRow } from "./message-view.js"
import { Scroller } from "./scroller.js"

/** Screen readers hear of an insertion a moment after it; only then may the log speak again. */
const QUIET_MS = 1_000

/**
 * Draws rows into the list of messages, and keeps the reader's place in it.
 */
export class TimelineView {
  #log
  #list
  #me
  /** @type {Map<string, HTMLElement>} */
  #elements = new Map()
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #quiet

  /**
   * @param {object} parts
   * @param {HTMLElement} parts.log what scrolls and is read aloud
   * @param {HTMLElement} parts.list
   * @param {Parley.Person} parts.me
   * @param {(action: string, clientId: string) => void} parts.onAction a button on a message that was not sent
   */
  constructor({ log, list, me, onAction }) {
    this.#log = log
    this.#list = list
    this.#me = me
    this.scroller = new Scroller(log, list)
    list.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("[data-action]") : null
      const clientId = button?.closest("li")?.dataset.clientId
      if (clientId) onAction(button?.getAttribute("data-action") ?? "", clientId)
    })
  }

  /**
   * @param {Parley.Row[]} rows
   * @param {{ isQuiet?: boolean }} options quiet: not to be read aloud, as when the past is loaded
   */
  draw(rows, { isQuiet = false } = {}) {
    if (isQuiet) this.#silence()
    this.scroller.hold(() => arrangeChildren(this.#list, rows.map((row) => this.#element(row))))
    this.#forget(rows)
  }

  /** Forgets what is drawn: a `seq` may mean another message from now on. */
  clear() {
    this.#elements.clear()
  }

  /** @param {Parley.Row} row */
  #element(row) {
    const element = this.#elements.get(row.key) ?? createRow(row)
    this.#elements.set(row.key, element)
    updateRow(element, row, this.#me)
    return element
  }

  /** @param {Parley.Row[]} rows */
  #forget(rows) {
    if (this.#elements.size === rows.length) return
    const keys = new Set(rows.map((row) => row.key))
    for (const key of this.#elements.keys()) {
      if (!keys.has(key)) this.#elements.delete(key)
    }
  }

  #silence() {
    clearTimeout(this.#quiet)
    this.#log.setAttribute("aria-live", "off")
    this.#quiet = setTimeout(() => this.#log.setAttribute("aria-live", "polite"), QUIET_MS)
  }
}
