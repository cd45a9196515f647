/**
 * The tab's own storage, or a stand-in that forgets where the browser allows none (blocked cookies, some private
 * modes, a full disk): what is kept here is a convenience, and its absence must not break anything.
 *
 * @param {() => Parley.StorageLike} source
 * @returns {Parley.StorageLike}
 */
export function tabStorage(source = () => sessionStorage) {
  /** @type {Map<string, string>} */
  const memory = new Map()
  return {
    getItem(key) {
      return attempt(() => source().getItem(key)) ?? memory.get(key) ?? null
    },
    setItem(key, value) {
      memory.set(key, value)
      attempt(() => source().setItem(key, value))
    },
    removeItem(key) {
      memory.delete(key)
      attempt(() => source().removeItem(key))
    },
  }
}

/**
 * @template T
 * @param {() => T} action
 * @returns {T | undefined}
 */
function attempt(action) {
  try {
    return action()
  } catch {
    return undefined
  }
}
