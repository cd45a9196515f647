import { address, pagePath } from "./base.js"
import { need } from "./dom.js"

/** The token that shows a request came from our own page. */
export function csrfToken() {
  return need(document, 'meta[name="csrf"]', HTMLMetaElement).content
}

/**
 * What the server put into the page for its script.
 *
 * @returns {any}
 */
export function pageState() {
  return JSON.parse(need(document, "[data-state]", HTMLElement).dataset.state ?? "{}")
}

/** Leaves for the sign-in page, and comes back here afterwards. */
export function goToSignIn() {
  location.assign(address(`/accounts/login/?next=${encodeURIComponent(pagePath())}`))
}

/** Where the socket is: beside the page, encrypted when the page is. */
export function socketAddress() {
  const url = new URL(address("/ws"), location.href)
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:"
  return url.href
}
