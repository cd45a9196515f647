import { need } from "./dom.js"

/** Messages asked for at once. */
const PAGE_SIZE = 50

/** Loading that is done sooner than this shows nothing of itself. */
const PATIENCE_MS = 1_000

/** Loads the past as the reader scrolls towards it, or asks for it. */
export class History {
  #parts
  #place
  #start
  #button
  #progress
  #observer
  #isLoading = false

  /**
   * @param {object} parts
   * @param {HTMLElement} parts.log
   * @param {import("./timeline.js").Timeline} parts.timeline
   * @param {(before: number, limit: number) => Promise<{ messages: Parley.Message[], hasMore: boolean }>} parts.fetchBefore
   * @param {() => void} parts.onAdded
   */
  constructor(parts) {
    this.#parts = parts
    this.#place = need(parts.log, "[data-earlier]", HTMLElement)
    this.#start = need(parts.log, "[data-timeline-start]", HTMLElement)
    this.#button = need(parts.log, "[data-load-earlier]", HTMLButtonElement)
    this.#progress = need(parts.log, "[data-earlier-progress]", HTMLElement)
    this.#button.hidden = false
    this.#button.addEventListener("click", () => void this.load())
    this.#observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) void this.load()
    }, { root: parts.log, rootMargin: "600px 0px 0px 0px" })
    this.refresh()
  }

  async load() {
    const { timeline, fetchBefore, onAdded } = this.#parts
    const before = timeline.oldestSeq
    if (this.#isLoading || !timeline.hasMore || before === null) return
    this.#isLoading = true
    const patience = setTimeout(() => { this.#progress.hidden = false }, PATIENCE_MS)
    try {
      const page = await fetchBefore(before, PAGE_SIZE)
      timeline.hasMore = page.hasMore && page.messages.length > 0
      timeline.merge(page.messages)
      onAdded()
      this.#button.textContent = "Load earlier messages"
      this.refresh()
    } catch {
      // Not tried again by itself: the reader sees it and has the button.
      this.#button.textContent = "Could not load earlier messages. Try again"
    } finally {
      clearTimeout(patience)
      this.#progress.hidden = true
      this.#isLoading = false
    }
  }

  /** Shows where we stand, and starts watching anew: an observer tells only of changes. */
  refresh() {
    const { hasMore } = this.#parts.timeline
    if (!hasMore && document.activeElement === this.#button) this.#parts.log.focus()
    this.#place.hidden = !hasMore
    this.#start.hidden = hasMore
    this.#observer.unobserve(this.#place)
    if (hasMore) this.#observer.observe(this.#place)
  }
}
