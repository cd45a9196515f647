/**
 * The tab's own storage.
 *
 * @param {() => Storage} source
 * @returns {Parley.StorageLike}
 */
export function tabStorage(source = () => sessionStorage) {
  return forgivingStorage(source)
}

/**
 * The storage that all tabs have together, and that outlives them.
 *
 * @param {() => Storage} source
 * @returns {Parley.SharedStorageLike}
 */
export function sharedStorage(source = () => localStorage) {
  return forgivingStorage(source)
}

// Internal

/**
 * Stands in where the browser allows no storage (blocked cookies, some private modes, a full disk), and forgets with
 * the page: what is kept is a convenience, and its absence must not break anything.
 *
 * @param {() => Storage} source
 * @returns {Parley.SharedStorageLike}
 */
function forgivingStorage(source) {
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
    keys() {
      return [...new Set([...memory.keys(), ...attempt(() => Object.keys(source())) ?? []])]
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
