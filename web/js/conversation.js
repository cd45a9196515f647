import { backoffDelay } from "./backoff.js"
import { CatchUp, PAGE_SIZE } from "./catch-up.js"
import { need } from "./dom.js"
import { History } from "./history.js"
import { readMessages } from "./message-view.js"
import { NewMessages } from "./new-messages.js"
import { layOutRows } from "./rows.js"
import { Timeline } from "./timeline.js"
import { TimelineView } from "./timeline-view.js"

/** More messages than this are not kept while one is at the end. */
const KEPT_MAX = 1_000
const KEPT = 500

/**
 * The open room: its messages, and what of them is on the screen.
 */
export class Conversation {
  #parts
  #epoch
  #timeline
  #view
  #history
  #catchUp
  #newMessages
  /** @type {number | null} */
  #unreadAfter
  /** @type {number | null} */
  #reloadedAfter = null
  /** @type {Parley.Message[] | null} what arrives while the room is loaded anew; null while it is not */
  #meanwhile = null

  /**
   * @param {object} parts
   * @param {import("./api.js").Api} parts.api
   * @param {Parley.Person} parts.me
   * @param {Parley.Room} parts.room
   * @param {() => Parley.OutboxEntry[]} parts.pending what is on its way into this room
   * @param {(seq: number) => void} parts.onSeen everything up to here is on the screen of an open tab
   * @param {(message: Parley.Message) => void} parts.onArrived
   * @param {(action: string, clientId: string) => void} parts.onAction
   * @param {(seq: number) => void} parts.onRemove
   * @param {() => void} parts.onReloaded the history was another one, and is shown now
   */
  constructor(parts) {
    this.#parts = parts
    const { me, room } = parts
    this.#epoch = room.epoch
    const log = need(document, "[data-timeline]", HTMLElement)
    const list = need(log, "[data-messages]", HTMLElement)
    const timeline = new Timeline(readMessages(list), log.dataset.hasMore === "true")
    this.#timeline = timeline
    this.#unreadAfter = room.readSeq
    this.#view = new TimelineView({ log, list, me, room, onAction: parts.onAction, onRemove: parts.onRemove })
    this.#newMessages = new NewMessages({ onWanted: () => this.#view.scroller.toBottom({ smoothly: true }) })
    this.#history = new History({
      log,
      timeline,
      fetchBefore: (before, limit) => this.#fetch({ before, limit }),
      onAdded: () => this.draw({ isQuiet: true }),
    })
    this.#catchUp = new CatchUp({
      timeline,
      fetchAfter: (after, limit) => this.#fetch({ after, limit }),
      onAdded: (added) => this.#added(added),
    })
    log.addEventListener("scroll", () => this.look(), { passive: true })
    this.draw({ isQuiet: true })
    this.look()
  }

  /** How far the timeline has got, for the server to go on from. */
  get position() {
    return { epoch: this.#epoch, seq: this.#timeline.contiguousSeq }
  }

  /**
   * The server has said everything that was missed, or that the timeline is worth nothing.
   *
   * @param {Extract<Parley.ServerFrame, { type: "resumed" }>} frame
   */
  resumed({ seq, reload }) {
    if (reload) void this.#reload()
    else this.#timeline.confirmThrough(seq)
  }

  /** Asks for what was missed. */
  catchUp() {
    return this.#catchUp.run()
  }

  /** @param {Parley.Message} message */
  receive(message) {
    // It belongs to the history that is being fetched, not to the one that is still shown.
    if (this.#meanwhile) return void this.#meanwhile.push(message)
    this.#added(this.#timeline.merge([message]))
    this.#catchUp.checkSoon()
  }

  /**
   * A message of ours is stored; the event with it may still be on its way.
   *
   * @param {Parley.OutboxEntry} entry
   * @param {number} seq
   */
  confirm(entry, seq) {
    if (this.#timeline.has(seq)) return this.draw()
    const { clientId, text, writtenAt } = entry
    this.receive({ seq, sender: this.#parts.me, text, sentAt: writtenAt, clientId })
  }

  /** @param {{ isQuiet?: boolean }} [options] */
  draw(options) {
    this.#view.draw(layOutRows({
      messages: this.#timeline.messages,
      pending: this.#parts.pending(),
      username: this.#parts.me.username,
      unreadAfter: this.#unreadAfter,
      reloadedAfter: this.#reloadedAfter,
    }), options)
  }

  /**
   * @param {Extract<Parley.ServerFrame, { type: "person" }>} frame
   */
  renamed({ username, person, erased }) {
    this.#timeline.rename(username, person, erased === true)
    this.draw({ isQuiet: true })
  }

  /** One has written something: shows it, and takes the unread line away, for whoever answers has read. */
  wrote() {
    this.#unreadAfter = null
    this.draw()
    this.#view.scroller.toBottom()
  }

  /** Whoever looks at the end of the timeline has read it. */
  look() {
    if (!this.#view.scroller.isAtBottom) return
    this.#newMessages.clear()
    if (document.visibilityState === "visible") this.#parts.onSeen(this.#timeline.lastSeq)
  }

  /** From here on, what arrives is new to a reader who is looking elsewhere. */
  looksAway() {
    if (this.#view.scroller.isAtBottom) this.#unreadAfter = this.#timeline.lastSeq
  }

  /** @param {boolean} mayRemoveAny others' messages, too */
  setMayRemoveAny(mayRemoveAny) {
    this.#view.setMayRemoveAny(mayRemoveAny)
    this.draw()
  }

  // Internal

  /**
   * A page of the history that is shown. A page of another history must not get into it: then all of it is replaced.
   *
   * @param {{ before?: number, after?: number, limit: number }} query
   */
  async #fetch(query) {
    const page = await this.#parts.api.messages(this.#parts.room.slug, query)
    if (page.epoch === this.#epoch) return page
    void this.#reload()
    throw new Error("a page of another history")
  }

  /** Forgets what is here and begins anew with the newest page. What was not sent yet stays. */
  async #reload() {
    if (this.#meanwhile) return
    this.#meanwhile = []
    const page = await this.#newestPage()
    const meanwhile = this.#meanwhile
    this.#meanwhile = null
    this.#epoch = page.epoch
    this.#unreadAfter = null
    this.#timeline.replace(page.messages, page.hasMore)
    this.#reloadedAfter = this.#timeline.lastSeq
    this.#view.clear()
    this.#newMessages.clear()
    this.#history.refresh()
    this.draw({ isQuiet: true })
    this.#view.scroller.toBottom()
    this.#parts.onReloaded()
    this.#added(this.#timeline.merge(meanwhile))
    // The connection may have been lost and found once more while the page was on its way.
    void this.#catchUp.run()
  }

  /** The room cannot be shown without it, so it is asked for until it is there. */
  async #newestPage() {
    for (let failures = 0; ; failures += 1) {
      try {
        return await this.#parts.api.messages(this.#parts.room.slug, { limit: PAGE_SIZE })
      } catch {
        await new Promise((resolve) => setTimeout(resolve, backoffDelay(failures)))
      }
    }
  }

  /** @param {Parley.Message[]} added */
  #added(added) {
    for (const message of added) this.#parts.onArrived(message)
    const { isAtBottom } = this.#view.scroller
    if (isAtBottom && this.#timeline.messages.length > KEPT_MAX) {
      this.#timeline.keepNewest(KEPT)
      this.#history.refresh()
    }
    this.draw()
    const { username } = this.#parts.me
    if (!isAtBottom) this.#newMessages.add(added.filter((message) => message.sender.username !== username && !message.removes).length)
    this.look()
  }
}
