// One emoji as people count them: a flag, a keycap, a family joined by zero-width joiners. Characters that are text
// unless asked to be pictures (©, ™, the digits) count only where they were asked to.
const ONE_EMOJI = new RegExp(
  [
    String.raw`\p{Regional_Indicator}{2}`,
    String.raw`[0-9#*]\uFE0F\u20E3`,
    String.raw`(?:\p{Extended_Pictographic}\uFE0F|\p{Emoji_Modifier_Base}\p{Emoji_Modifier}|(?!\p{Regional_Indicator})\p{Emoji_Presentation})[\u{E0020}-\u{E007F}]*`
      + String.raw`(?:\u200D\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?)*`,
  ].join("|"),
  "gu",
)

const LARGE_MAX = 3
const MEDIUM_MAX = 6

/**
 * How big a message of nothing but emoji is shown: one to three large, four to six medium.
 *
 * @param {string} text
 * @returns {"large" | "medium" | null} null for every other message
 */
export function emojiSize(text) {
  const compact = text.replace(/\s+/gu, "")
  // The longest emoji are some twenty units; whatever is longer than this is not six of them.
  if (compact === "" || compact.length > 200) return null
  const found = compact.match(ONE_EMOJI) ?? []
  if (found.join("") !== compact || found.length > MEDIUM_MAX) return null
  return found.length <= LARGE_MAX ? "large" : "medium"
}
