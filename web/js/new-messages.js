import { need } from "./dom.js"

/** Says how many messages have come in below what is being read, and leads there. Never moves the page by itself. */
export class NewMessages {
  #button = need(document, "[data-new-messages]", HTMLButtonElement)
  #count = 0

  /** @param {{ onWanted: () => void }} parts */
  constructor({ onWanted }) {
    this.#button.addEventListener("click", () => {
      onWanted()
      this.clear()
      need(document, "[data-timeline]", HTMLElement).focus({ preventScroll: true })
    })
  }

  /** @param {number} count */
  add(count) {
    this.#count += count
    if (this.#count === 0) return
    this.#button.textContent = `${this.#count} new ${this.#count === 1 ? "message" : "messages"}`
    this.#button.hidden = false
  }

  clear() {
    this.#count = 0
    this.#button.hidden = true
  }
}
