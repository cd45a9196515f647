import { arrangeChildren } from "./dom.js"
import { closeMessageMenus, createMessageMenu } from "./message-menu.js"
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
  #room
  #mayRemoveAny
  /** @type {Map<string, HTMLElement>} */
  #elements = new Map()
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #quiet

  /**
   * @param {object} parts
   * @param {HTMLElement} parts.log what scrolls and is read aloud
   * @param {HTMLElement} parts.list
   * @param {Parley.Person} parts.me
   * @param {Parley.Room} parts.room
   * @param {(action: string, clientId: string) => void} parts.onAction a button on a message that was not sent
   * @param {(seq: number) => void} parts.onRemove a message is to be removed
   */
  constructor({ log, list, me, room, onAction, onRemove }) {
    this.#log = log
    this.#list = list
    this.#me = me
    this.#room = room.slug
    this.#mayRemoveAny = room.permissions.includes("remove_messages")
    closeMessageMenus(list)
    this.scroller = new Scroller(log, list)
    list.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("[data-action]") : null
      const row = button?.closest("li")
      const action = button?.getAttribute("data-action") ?? ""
      if (action === "remove") onRemove(Number(row?.dataset.seq))
      else if (row?.dataset.clientId) onAction(action, row.dataset.clientId)
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
    this.#updateMenu(element, row)
    return element
  }

  /** Whoever looks after the room is somebody else now. */
  setMayRemoveAny(/** @type {boolean} */ mayRemoveAny) {
    if (this.#mayRemoveAny === mayRemoveAny) return
    this.#mayRemoveAny = mayRemoveAny
    for (const menu of this.#list.querySelectorAll(".message-menu")) menu.remove()
  }

  /**
   * @param {HTMLElement} element
   * @param {Parley.Row} row
   */
  #updateMenu(element, row) {
    if (row.kind !== "message" || row.message.removed || element.querySelector(".message-menu")) return
    const { isMine, message } = row
    element.append(createMessageMenu(message, { room: this.#room, isMine, mayRemove: isMine || this.#mayRemoveAny }))
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
