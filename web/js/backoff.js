/** The first wait lies between nothing and this. */
export const BACKOFF_BASE_MS = 500

/** No wait is longer than this. */
export const BACKOFF_MAX_MS = 30_000

/**
 * How long to wait before the next try. "Full jitter": anything between nothing and a ceiling that doubles,
 * so that a thousand browsers which lost the same server do not come back in the same instant.
 *
 * @param {number} attempt how many tries have failed since the last lasting success, from 0
 * @param {() => number} random gives a number from 0 up to, but not, 1
 * @returns {number} milliseconds
 */
export function backoffDelay(attempt, random = Math.random) {
  const ceiling = Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** Math.min(attempt, 30))
  return Math.round(random() * ceiling)
}
