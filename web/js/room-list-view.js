import { address } from "./base.js"
import { arrangeChildren, copyTemplate, need } from "./dom.js"
import { badgeCount } from "./format.js"

const ICONS = { public: "icon-hash", private: "icon-lock", direct: "icon-people" }

/**
 * The title of the page with the number of unread messages before it.
 *
 * @param {string} title
 * @param {number} unread
 */
export function titleWithUnread(title, unread) {
  return unread > 0 ? `(${badgeCount(unread)}) ${title}` : title
}

/** The links to one's rooms, beside a conversation or on their own page, and the numbers on them. */
export class RoomListView {
  #lists
  #currentSlug
  #title = document.title
  #elsewhere = document.querySelector("[data-elsewhere]")

  /**
   * @param {string | null} currentSlug the room that is open
   */
  constructor(currentSlug) {
    this.#currentSlug = currentSlug
    this.#lists = {
      rooms: need(document, '[data-list="rooms"]', HTMLElement),
      directs: need(document, '[data-list="directs"]', HTMLElement),
    }
  }

  /** @param {import("./room-list.js").RoomList} roomList */
  draw(roomList) {
    const { rooms, directs } = this.#lists
    this.#drawList(rooms, roomList.rooms.filter((room) => room.kind !== "direct"))
    this.#drawList(directs, roomList.rooms.filter((room) => room.kind === "direct"))
    document.title = titleWithUnread(this.#title, roomList.unread)
    this.#drawElsewhere(roomList)
  }

  /**
   * Marks the direct rooms whose other people are there just now.
   *
   * @param {import("./room-list.js").RoomList} roomList
   * @param {(room: Parley.Room) => boolean} isThere
   */
  drawPresence(roomList, isThere) {
    for (const element of this.#lists.directs.children) {
      const room = roomList.find(element.getAttribute("data-room") ?? "")
      const mark = element.querySelector("[data-online]")
      if (mark instanceof HTMLElement) mark.hidden = !(room && isThere(room))
    }
  }

  // Internal

  /**
   * @param {HTMLElement} list
   * @param {Parley.Room[]} rooms
   */
  #drawList(list, rooms) {
    const known = new Map([...list.children].map((element) => [element.getAttribute("data-room"), element]))
    arrangeChildren(list, rooms.map((room) => {
      const element = known.get(room.slug) ?? this.#create(room)
      drawUnread(element, room.unread)
      const name = need(element, ".room-link-name, .room-card-name", HTMLElement)
      if (name.textContent !== room.name) name.textContent = room.name
      return element
    }))
  }

  /** @param {Parley.Room} room */
  #create(room) {
    const element = copyTemplate("room-link-template")
    element.dataset.room = room.slug
    const link = need(element, "a", HTMLAnchorElement)
    link.href = address(`/chat/${encodeURIComponent(room.slug)}/`)
    if (room.slug === this.#currentSlug) link.setAttribute("aria-current", "page")
    need(element, ".icon", HTMLElement).classList.add(ICONS[room.kind] ?? ICONS.public)
    need(element, "[data-kind]", HTMLElement).textContent = room.kind === "private" ? "Private room: " : ""
    need(element, ".room-link-name, .room-card-name", HTMLElement).textContent = room.name
    const topic = element.querySelector(".room-card-topic")
    if (topic) topic.textContent = room.topic
    return element
  }

  /** On a telephone the list is a page of its own; the way to it says that something waits there. */
  #drawElsewhere(/** @type {import("./room-list.js").RoomList} */ roomList) {
    if (!(this.#elsewhere instanceof HTMLElement)) return
    const unread = roomList.unread - (roomList.find(this.#currentSlug ?? "")?.unread ?? 0)
    this.#elsewhere.hidden = unread === 0
    this.#elsewhere.textContent = badgeCount(unread)
  }
}

/**
 * @param {Element} element
 * @param {number} unread
 */
function drawUnread(element, unread) {
  need(element, ".badge", HTMLElement).hidden = unread === 0
  need(element, "[data-unread]", HTMLElement).textContent = badgeCount(unread)
  element.querySelector(".room-link, .room-card")?.classList.toggle("has-unread", unread > 0)
}
