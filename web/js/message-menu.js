import { address } from "./base.js"
import { copyTemplate, need } from "./dom.js"

/**
 * What can be done about a message.
 *
 * @param {Parley.Message} message
 * @param {{ room: string, isMine: boolean, mayRemove: boolean }} what
 */
export function createMessageMenu(message, { room, isMine, mayRemove }) {
  const menu = copyTemplate("message-menu-template")
  need(menu, "summary .visually-hidden", HTMLElement).textContent = `What to do about this message of ${message.sender.name}`
  need(menu, "[data-action=remove]", HTMLButtonElement).hidden = !mayRemove
  const report = need(menu, "[data-report]", HTMLAnchorElement)
  report.hidden = isMine
  report.href = address(`/rooms/${encodeURIComponent(room)}/messages/${message.seq}/`)
  return menu
}

/**
 * Closes the menus of a list as people expect it: by Escape, and by turning to something else.
 *
 * @param {HTMLElement} list
 */
export function closeMessageMenus(list) {
  const closeBut = (/** @type {Node | null} */ kept) => {
    for (const menu of list.querySelectorAll("details.message-menu[open]")) {
      if (menu instanceof HTMLDetailsElement && !(kept && menu.contains(kept))) menu.open = false
    }
  }
  document.addEventListener("click", (event) => closeBut(event.target instanceof Node ? event.target : null))
  list.addEventListener("focusin", (event) => closeBut(event.target instanceof Node ? event.target : null))
  list.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !(event.target instanceof Element)) return
    const menu = event.target.closest("details.message-menu[open]")
    if (!(menu instanceof HTMLDetailsElement)) return
    event.stopPropagation()
    menu.open = false
    menu.querySelector("summary")?.focus()
  })
}
