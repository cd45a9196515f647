// Where a link may start. Everything about it is checked again by the URL parser, which has the last word.
const CANDIDATE = /https?:\/\/[^\s<>"\u0000-\u001F\u007F\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069]+/giu

/** Longer than this is not a link that anybody means to follow. */
const LINK_LENGTH_MAX = 2_048

/** What ends a sentence, not an address. */
const TRAILING = /[.,;:!?'’”»…*_~]$/u

/**
 * Cuts a text into plain parts and links. Joined again, the parts are exactly the text.
 *
 * @param {string} text
 * @returns {{ text: string, href?: string }[]}
 */
export function linkSegments(text) {
  /** @type {{ text: string, href?: string }[]} */
  const segments = []
  let end = 0
  for (const match of text.matchAll(CANDIDATE)) {
    const start = match.index ?? 0
    if (isInsideWord(text, start)) continue
    const address = withoutTrailing(match[0])
    const href = safeHref(address)
    if (!href) continue
    if (start > end) segments.push({ text: text.slice(end, start) })
    segments.push({ text: address, href })
    end = start + address.length
  }
  if (end < text.length) segments.push({ text: text.slice(end) })
  return segments
}

/**
 * @param {string} address
 * @returns {string | null} null where it is no address, or one that pretends to be another
 */
function safeHref(address) {
  if (address.length > LINK_LENGTH_MAX) return null
  try {
    const url = new URL(address)
    // In https://bank.example@evil.example/ the part that one sees first is only a user name.
    if (url.username || url.password) return null
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null
  } catch {
    return null
  }
}

/**
 * Leaves out the full stop after a link, and the bracket around it, but keeps the brackets of an address.
 *
 * @param {string} address
 */
function withoutTrailing(address) {
  for (;;) {
    const last = address[address.length - 1] ?? ""
    const opening = { ")": "(", "]": "[", "}": "{" }[last]
    const isUnbalanced = opening !== undefined && count(address, last) > count(address, opening)
    if (!isUnbalanced && !TRAILING.test(address)) return address
    address = address.slice(0, -1)
  }
}

/**
 * @param {string} text
 * @param {string} part
 */
function count(text, part) {
  return text.split(part).length - 1
}

/**
 * @param {string} text
 * @param {number} start
 */
function isInsideWord(text, start) {
  return start > 0 && /[\p{L}\p{N}]/u.test(text[start - 1] ?? "")
}
