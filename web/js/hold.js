import { momentOf } from "./format.js"

/**
 * Why one may not write in a room just now, in a sentence; empty where one may. The server has the last word.
 *
 * @param {Parley.Room} room
 * @param {number} now
 */
export function holdSentence(room, now) {
  const { muted } = room
  if (muted && (muted.until === null || Date.parse(muted.until) > now)) {
    const end = muted.until === null ? "until a moderator changes that" : `until ${momentOf(muted.until)}`
    return `You are muted in this room ${end}.`
  }
  if (room.permissions.includes("speak_always")) return ""
  if (room.isLocked) return "This room is locked for now. Only its moderators write."
  return room.isAnnouncement ? "This room is for announcements. Only its moderators write." : ""
}

/**
 * How long until a mute ends by itself, in milliseconds; null where none does.
 *
 * @param {Parley.Room} room
 * @param {number} now
 */
export function holdEndsIn(room, now) {
  const until = room.muted?.until
  if (!until) return null
  const left = Date.parse(until) - now
  // A timer does not hold longer than this; a page that is open for weeks hears of the end when it connects anew.
  return left > 0 && left < 2 ** 31 ? left : null
}
