import { need } from "./dom.js"

/** The count appears when this much room is left. */
const COUNT_FROM = 200

/**
 * What to say about the length of a text.
 *
 * @param {string} text
 * @param {number} charactersMax
 * @returns {{ text: string, isTooLong: boolean }} no text while there is plenty of room
 */
export function describeLength(text, charactersMax) {
  const left = charactersMax - [...text].length
  if (left < 0) return { text: `${-left} ${left === -1 ? "character" : "characters"} too many`, isTooLong: true }
  if (left <= COUNT_FROM) return { text: `${left} ${left === 1 ? "character" : "characters"} left`, isTooLong: false }
  return { text: "", isTooLong: false }
}

/**
 * Whether a key press means "send". While an input method composes a word, Enter belongs to it.
 *
 * @param {Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "altKey" | "metaKey" | "isComposing" | "keyCode">} event
 */
export function isSendKey(event) {
  // Safari ends the composition before it tells of the Enter that ended it; 229 still gives that away.
  return event.key === "Enter" && !event.shiftKey && !event.altKey && !event.isComposing && event.keyCode !== 229
}

/** The box one writes in. It never blocks: what cannot be sent now waits in the outbox. */
export class Composer {
  #text
  #count
  #hold
  #parts

  /**
   * @param {object} parts
   * @param {HTMLFormElement} parts.form
   * @param {number} parts.charactersMax
   * @param {string} parts.draft
   * @param {(draft: string) => void} parts.onDraft
   * @param {(text: string) => void} parts.onSend
   * @param {(text: string) => void} [parts.onWriting] somebody changed the text
   * @param {() => void} [parts.onLeft] nobody writes here any more
   */
  constructor(parts) {
    this.#parts = parts
    this.#text = need(parts.form, "textarea", HTMLTextAreaElement)
    this.#count = need(parts.form, "[data-count]", HTMLElement)
    this.#hold = need(parts.form, "[data-hold]", HTMLElement)
    // What the server gave back after an error is newer than what the tab remembers.
    if (this.#text.value === "") this.#text.value = parts.draft
    this.#text.addEventListener("input", () => {
      this.#changed()
      parts.onWriting?.(this.#text.value)
    })
    this.#text.addEventListener("blur", () => parts.onLeft?.())
    this.#text.addEventListener("keydown", (event) => {
      if (!isSendKey(event)) return
      event.preventDefault()
      this.#send()
    })
    parts.form.addEventListener("submit", (event) => {
      event.preventDefault()
      this.#send()
      this.focus()
    })
    this.#changed()
  }

  /**
   * Says why nothing can be sent just now, and keeps what is written until it can.
   *
   * @param {string} sentence empty where it can
   */
  hold(sentence) {
    if (this.#hold.textContent !== sentence) this.#hold.textContent = sentence
    this.#hold.hidden = sentence === ""
    need(this.#parts.form, "[type=submit]", HTMLButtonElement).disabled = sentence !== ""
  }

  focus() {
    this.#text.focus()
  }

  // Internal

  #send() {
    const text = this.#text.value
    if (!this.#hold.hidden) return
    if (text.trim() === "" || describeLength(text, this.#parts.charactersMax).isTooLong) return
    this.#text.value = ""
    this.#changed()
    this.#parts.onLeft?.()
    this.#parts.onSend(text)
  }

  #changed() {
    const { text, isTooLong } = describeLength(this.#text.value, this.#parts.charactersMax)
    this.#count.textContent = text
    this.#count.hidden = text === ""
    this.#count.classList.toggle("is-too-long", isTooLong)
    this.#text.setAttribute("aria-invalid", String(isTooLong))
    this.#parts.onDraft(this.#text.value)
    this.#grow()
  }

  #grow() {
    if (CSS.supports("field-sizing", "content")) return
    this.#text.style.height = "auto"
    this.#text.style.height = `${this.#text.scrollHeight}px`
  }
}
