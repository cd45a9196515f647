/** What all paths begin with where the chat is not at the root of its host: `/chat`, or nothing. */
function base() {
  return globalThis.document?.querySelector('meta[name="base"]')?.getAttribute("content") ?? ""
}

/**
 * The address of a path of ours, wherever the chat is mounted.
 *
 * @param {string} path begins with a slash
 */
export function address(path) {
  return base() + path
}

/** The page's own path, as the server knows it. */
export function pagePath() {
  return location.pathname.slice(base().length)
}
