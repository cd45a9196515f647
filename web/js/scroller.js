/** This close to the end counts as being there. */
const BOTTOM_PX = 60

/**
 * The scrolling of a timeline. Its CSS stacks from the bottom (`column-reverse`), so the end is at 0 and the past has
 * negative positions: the page opens at the newest message without any script, and stays there when it grows.
 */
export class Scroller {
  #element
  #items

  /**
   * @param {HTMLElement} element what scrolls
   * @param {HTMLElement} items the list in it, whose children are held on to
   */
  constructor(element, items) {
    this.#element = element
    this.#items = items
  }

  get isAtBottom() {
    return Math.abs(this.#element.scrollTop) < BOTTOM_PX
  }

  toBottom({ smoothly = false } = {}) {
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches
    this.#element.scrollTo({ top: 0, behavior: smoothly && !isCalm ? "smooth" : "auto" })
  }

  /**
   * Changes the list without moving what is being read. Done by hand, since not every browser anchors scrolling.
   *
   * @param {() => void} change
   */
  hold(change) {
    if (this.isAtBottom) {
      change()
      this.#element.scrollTop = 0
      return
    }
    const anchor = this.#firstVisibleItem()
    const before = anchor?.getBoundingClientRect().top ?? 0
    change()
    if (anchor?.isConnected) this.#element.scrollTop += anchor.getBoundingClientRect().top - before
  }

  #firstVisibleItem() {
    const top = this.#element.getBoundingClientRect().top
    for (const item of this.#items.children) {
      if (item.getBoundingClientRect().bottom > top && item.classList.contains("message")) return item
    }
    return null
  }
}
