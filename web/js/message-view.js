import { hueClass, initials } from "./avatar.js"
import { address } from "./base.js"
import { copyTemplate, need } from "./dom.js"
import { emojiSize } from "./emoji.js"
import { dayName, momentOf, timeOf } from "./format.js"
import { parseMarkup } from "./markup.js"

/** Shown in place of a message whose bytes the server could not trust any more. */
const UNREADABLE = "This message is damaged and cannot be shown."

/** @type {Record<string, string>} Shown in place of a message whose text was taken away. */
const REMOVED = { author: "Removed by its author.", moderator: "Removed by a moderator." }

/**
 * A new element for a row of the timeline.
 *
 * @param {Parley.Row} row
 * @returns {HTMLElement}
 */
export function createRow(row) {
  switch (row.kind) {
    case "day": return createDay(row.day)
    case "unread": return copyTemplate("unread-template")
    case "reloaded": return copyTemplate("reloaded-template")
    case "message": return createMessage(row.message)
    case "pending": return createMessage(row.entry)
  }
}

/**
 * Shows what may change in a row while it stands: its place in a group, and the state of what is on its way.
 *
 * @param {HTMLElement} element
 * @param {Parley.Row} row
 * @param {Parley.Person} me
 */
export function updateRow(element, row, me) {
  if (row.kind !== "message" && row.kind !== "pending") return
  const isPending = row.kind === "pending"
  showSender(element, isPending ? me : row.message.sender, row.isContinued)
  element.classList.toggle("is-continued", row.isContinued)
  element.classList.toggle("is-mine", isPending || row.isMine)
  element.classList.toggle("is-pending", isPending && row.entry.state !== "failed")
  element.classList.toggle("is-failed", isPending && row.entry.state === "failed")
  if (isPending) element.dataset.clientId = row.entry.clientId
  else element.dataset.seq = String(row.message.seq)
  showTime(element, isPending ? row.entry.writtenAt : row.message.sentAt)
  showState(element, isPending ? row.entry : null)
}

/**
 * The messages that the server rendered, read back from the page.
 *
 * @param {HTMLElement} list
 * @returns {Parley.Message[]}
 */
export function readMessages(list) {
  return [...list.querySelectorAll(":scope > [data-seq]")].map((element) => ({
    seq: Number(element.getAttribute("data-seq")),
    sender: {
      username: element.getAttribute("data-username") ?? "",
      name: element.querySelector(".message-sender")?.textContent ?? "",
      isBot: element.querySelector(".bot-mark:not([hidden])") !== null,
    },
    text: element.querySelector(".message-text")?.getAttribute("data-text") ?? "",
    sentAt: element.querySelector("time")?.dateTime ?? "",
    clientId: null,
    unreadable: element.classList.contains("is-unreadable"),
    ...(readRemoval(element)),
  }))
}

// Internal

/**
 * @param {Element} element
 * @returns {{ removed?: "author" | "moderator", removes?: number }}
 */
function readRemoval(element) {
  // What it removes is rendered as removed already.
  if (element.hasAttribute("data-removal")) return { removes: -1 }
  const removed = element.getAttribute("data-removed")
  return removed === "author" || removed === "moderator" ? { removed } : {}
}

/** @param {string} day */
function createDay(day) {
  const element = copyTemplate("day-template")
  need(element, ".day-name", HTMLElement).textContent = dayName(day)
  return element
}

/**
 * @param {{ text: string, unreadable?: boolean, removed?: string }} what
 */
function createMessage({ text, unreadable = false, removed }) {
  const element = copyTemplate("message-template")
  element.classList.toggle("is-unreadable", unreadable)
  element.classList.toggle("is-removed", removed !== undefined)
  const body = need(element, ".message-text", HTMLElement)
  if (removed !== undefined) body.textContent = REMOVED[removed] ?? REMOVED.moderator ?? ""
  else if (unreadable) body.textContent = UNREADABLE
  else showText(body, text)
  return element
}

/**
 * @param {HTMLElement} element
 * @param {Parley.Person} sender
 * @param {boolean} isContinued the name is there for ears alone, and nothing to stop at
 */
function showSender(element, sender, isContinued) {
  const name = need(element, ".message-sender", HTMLAnchorElement)
  name.tabIndex = isContinued ? -1 : 0
  if (element.dataset.username === sender.username && name.textContent === sender.name) return
  element.dataset.username = sender.username
  name.textContent = sender.name
  name.title = `@${sender.username}`
  // Of somebody who deleted their account there is nothing more to see.
  if (sender.username.startsWith("_")) name.removeAttribute("href")
  else name.href = address(`/people/${sender.username}/`)
  const avatar = need(element, ".avatar", HTMLElement)
  avatar.textContent = initials(sender.name)
  need(element, ".bot-mark", HTMLElement).hidden = sender.isBot !== true
  avatar.className = `avatar hue-${hueClass(sender.username)}`
}

/**
 * @param {HTMLElement} body
 * @param {string} text
 */
function showText(body, text) {
  const size = emojiSize(text)
  if (size) body.classList.add(`is-emoji-${size}`)
  body.replaceChildren(...parseMarkup(text).map(createNode))
}

/**
 * @param {Parley.MarkupNode} node
 * @returns {Node}
 */
function createNode(node) {
  if (typeof node === "string") return document.createTextNode(node)
  const element = document.createElement(node.name)
  if (element instanceof HTMLAnchorElement && node.href) {
    element.href = node.href
    element.rel = "noopener nofollow ugc"
    element.target = "_blank"
    if (node.title) element.title = node.title
  }
  if (element instanceof HTMLOListElement && node.start !== undefined) element.start = node.start
  element.append(...node.children.map(createNode))
  return element
}

/**
 * @param {HTMLElement} element
 * @param {string} iso
 */
function showTime(element, iso) {
  const time = need(element, "time", HTMLTimeElement)
  if (time.dateTime === iso) return
  time.dateTime = iso
  time.textContent = timeOf(iso)
  time.title = momentOf(iso)
}

/**
 * @param {HTMLElement} element
 * @param {Parley.OutboxEntry | null} entry
 */
function showState(element, entry) {
  const place = need(element, ".message-state", HTMLElement)
  const shown = entry ? `${entry.state} ${entry.problem}` : ""
  if (place.dataset.shown === shown) return
  place.dataset.shown = shown
  place.hidden = !entry
  place.replaceChildren()
  if (entry?.state === "failed") {
    place.append(need(document, "#failed-template", HTMLTemplateElement).content.cloneNode(true))
    need(place, ".message-problem", HTMLElement).textContent = `Not sent · ${entry.problem}`
  } else if (entry) {
    place.textContent = "Sending…"
  }
}
