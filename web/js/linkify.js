// Where a link may start. What it has to look like is decided below, and the URL parser has the last word. The server
// does the same (Sources/Web/Markup/LinkFinder.swift).
const CANDIDATE = /https?:\/\/[^\s<>"\u0000-\u001F\u007F\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069]+/giu

/** What a link that somebody wrote out may be: the same characters, and no space. */
const WRITTEN = /^(?:https?:\/\/|mailto:)[^\s<>"\u0000-\u001F\u007F\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069]+$/iu

/** A name or an address of version 4, or one of version 6 in brackets, and maybe a port. */
const AUTHORITY = /^(?:\[[0-9a-f:.]+\]|[^:@\\[\]]+)(?::(\d{0,5}))?$/iu

/** One recipient, and nothing that fills in the mail for them. */
const MAIL = /^mailto:[^?&#@]+@[^?&#@]+$/iu

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
 * The address of a link that was written out: http, https or mailto, and nothing else.
 *
 * @param {string} address
 * @returns {string | null} null where it is no address, or one that pretends to be another
 */
export function safeHref(address) {
  if (address.length > LINK_LENGTH_MAX || !WRITTEN.test(address)) return null
  if (/^mailto:/i.test(address)) return MAIL.test(address) ? address : null
  const authority = address.replace(/^https?:\/\//i, "").split(/[/?#]/, 1)[0] ?? ""
  // In https://bank.example@evil.example/ the part that one sees first is only a user name.
  const [isOne, port] = AUTHORITY.exec(authority) ?? []
  if (!isOne || Number(port ?? 0) > 65_535) return null
  try {
    const url = new URL(address)
    return !url.username && !url.password && ["http:", "https:"].includes(url.protocol) ? address : null
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
  /** @type {Record<string, number>} how many more are closed than opened */
  const surplus = { ")": count(address, ")") - count(address, "("), "]": count(address, "]") - count(address, "["), "}": count(address, "}") - count(address, "{") }
  let end = address.length
  for (; end > 0; end -= 1) {
    const last = address[end - 1] ?? ""
    if ((surplus[last] ?? 0) > 0) surplus[last] = (surplus[last] ?? 0) - 1
    else if (!TRAILING.test(last)) break
  }
  return address.slice(0, end)
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
