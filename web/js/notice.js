// A sentence for the next page of this tab, as when one has to leave this one.

const KEY = "parley.notice"

/**
 * @param {Parley.StorageLike} storage
 * @param {string} sentence
 */
export function leaveNotice(storage, sentence) {
  storage.setItem(KEY, sentence)
}

/**
 * Shows what the page before has left, once.
 *
 * @param {Parley.StorageLike} storage
 * @param {HTMLElement} place
 */
export function showNotice(storage, place) {
  const sentence = storage.getItem(KEY)
  if (!sentence) return
  storage.removeItem(KEY)
  const notice = document.createElement("p")
  notice.className = "flash"
  notice.setAttribute("role", "status")
  notice.textContent = sentence
  place.prepend(notice)
}
