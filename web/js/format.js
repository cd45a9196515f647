// Times and days as people in the reader's own time zone say them.

// The page speaks English. Which English (14:05 or 2:05 PM) is the reader's choice.
const language = globalThis.navigator?.language ?? "en-GB"
const locale = language.startsWith("en") ? language : "en-GB"

const timeZone = zoneOf(globalThis.document?.documentElement.dataset.timeZone)

const timeFormat = new Intl.DateTimeFormat(locale, { timeStyle: "short", timeZone })
const dayFormat = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" })
const yearFormat = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" })
const fullFormat = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short", timeZone })
// Years, months and days as ISO 8601 has them.
const isoFormat = new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", timeZone })

/**
 * The zone that the person has chosen; the browser's own where they chose none, or one that the browser does not know.
 *
 * @param {string | undefined} name
 * @returns {string | undefined}
 */
export function zoneOf(name) {
  try {
    return name ? new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone : undefined
  } catch {
    return undefined
  }
}

/**
 * The time of day.
 *
 * @param {string} iso
 */
export function timeOf(iso) {
  const date = new Date(iso)
  return isNaN(date.getTime()) ? "" : timeFormat.format(date)
}

/**
 * Everything about the moment, for a tooltip.
 *
 * @param {string} iso
 */
export function momentOf(iso) {
  const date = new Date(iso)
  return isNaN(date.getTime()) ? "" : fullFormat.format(date)
}

/**
 * The day of a moment in the reader's time zone, as 2026-01-02: two moments are on the same day when these are equal.
 *
 * @param {string} iso
 * @param {Intl.DateTimeFormat} format
 */
export function dayOf(iso, format = isoFormat) {
  const date = new Date(iso)
  return isNaN(date.getTime()) ? "" : format.format(date)
}

/**
 * What to call a day: today, yesterday, or its date, with the year where it is not this one.
 *
 * @param {string} day as `dayOf` gives it
 * @param {Date} now
 */
export function dayName(day, now = new Date()) {
  const today = dayOf(now.toISOString())
  // Days are counted, not hours: some have 23 or 25 of them.
  const ago = (Date.parse(today) - Date.parse(day)) / 86_400_000
  if (ago === 0) return "Today"
  if (ago === 1) return "Yesterday"
  if (isNaN(ago)) return day
  return (day.slice(0, 4) === today.slice(0, 4) ? dayFormat : yearFormat).format(new Date(day))
}

/**
 * A count for a badge: nobody counts past this, and the badge has to stay small.
 *
 * @param {number} count
 */
export function badgeCount(count) {
  return count > 99 ? "99+" : String(count)
}
