/**
 * The browser's own clock and timers.
 *
 * @type {Parley.Clock}
 */
export const systemClock = {
  now: () => Date.now(),
  setTimeout: (action, milliseconds) => setTimeout(action, milliseconds),
  clearTimeout: (handle) => clearTimeout(/** @type {any} */ (handle)),
}
