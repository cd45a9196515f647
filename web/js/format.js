// Times and days as people in the reader's own time zone say them.

// The page speaks English. Which English (14:05 or 2:05 PM) is the reader's choice.
const language = globalThis.navigator?.language ?? "en-GB"
const locale = language.startsWith("en") ? language : "en-GB"

const timeFormat = new Intl.DateTimeFormat(locale, { timeStyle: "short" })
const dayFormat = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" })
const yearFormat = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric" })
const fullFormat = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short" })

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
 */
export function dayOf(iso) {
  const date = new Date(iso)
  const pad = (/** @type {number} */ number) => String(number).padStart(2, "0")
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
}

/**
 * What to call a day: today, yesterday, or its date, with the year where it is not this one.
 *
 * @param {string} day as `dayOf` gives it
 * @param {Date} now
 */
export function dayName(day, now = new Date()) {
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1)
  if (day === dayOf(now.toISOString())) return "Today"
  if (day === dayOf(yesterday.toISOString())) return "Yesterday"
  const date = new Date(`${day}T12:00:00`)
  if (isNaN(date.getTime())) return day
  return (date.getFullYear() === now.getFullYear() ? dayFormat : yearFormat).format(date)
}

/**
 * A count for a badge: nobody counts past this, and the badge has to stay small.
 *
 * @param {number} count
 */
export function badgeCount(count) {
  return count > 99 ? "99+" : String(count)
}
