// What somebody is up to, beside their name, until it is over.

/** The longest time that browsers wait for. */
const WAIT_MAX = 2_147_483_647

/** @type {ReturnType<typeof setTimeout> | undefined} */
let end

/**
 * @param {Element | null} place
 * @param {Parley.Status | null} status
 */
export function showStatus(place, status) {
  if (!place) return
  clearTimeout(end)
  const left = status?.until ? Date.parse(status.until) - Date.now() : Infinity
  place.textContent = status && left > 0 ? [status.emoji, status.text].filter(Boolean).join(" ") : ""
  if (left > 0 && left < WAIT_MAX) end = setTimeout(() => showStatus(place, null), left)
}

/**
 * The status that the server rendered goes when it is over.
 *
 * @param {Element | null} place
 */
export function endStatusInTime(place) {
  const until = place?.getAttribute("data-until")
  if (place && until) showStatus(place, { emoji: null, text: place.textContent ?? "", until })
}
