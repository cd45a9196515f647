// What stands for a person: one or two letters on one of twelve colours. The server computes the same for the pages
// that it renders, so both sides must agree on every detail here; tests/avatar.test.js has examples to check against.

const HUES = 12

/**
 * The number of the person's colour: FNV-1a (32 bit) over the UTF-8 bytes of the username, modulo twelve.
 *
 * @param {string} username
 * @returns {number} 0 to 11
 */
export function hueClass(username) {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(username)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  }
  return hash % HUES
}

/**
 * The first letters of the first and the last word of a name, in capitals. "?" for a name without any.
 *
 * @param {string} name
 */
export function initials(name) {
  const words = name.split(/\s+/u).map((word) => word.match(/[\p{L}\p{N}]/u)?.[0] ?? "").filter(Boolean)
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words
  return letters.join("").toUpperCase() || "?"
}
