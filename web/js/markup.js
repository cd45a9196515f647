// The small Markdown of messages, as a tree. No HTML is built anywhere: message-view.js makes nodes of it. The server
// does the same (Sources/Web/Markup/); Tests/Fixtures/markup/messages.json holds both to it.

import { parseInline } from "./inline-markup.js"

/** Quotes and lists inside of each other; what would be deeper is text. */
const DEPTH_MAX = 4

const FENCE = /^```[ \t]*[A-Za-z0-9+#.-]{0,32}[ \t\r]*$/
const FENCE_END = /```[ \t\r]*$/
const QUOTE = /^>(?=[ \t\r>]|$)[ \t]?/
const ITEM = /^(?:[-*]|(\d{1,3})[.)])[ \t]+(?=[^ \t\r])/
const BLANK = /^[ \t\r]*$/

/**
 * @param {string} text
 * @param {import("./inline-markup.js").Counter} [counter]
 * @returns {Parley.MarkupNode[]}
 */
export function parseMarkup(text, counter = { steps: 0 }) {
  return parseBlocks(text.split("\n"), 0, counter)
}

/**
 * @param {string[]} lines
 * @param {number} depth
 * @param {import("./inline-markup.js").Counter} counter
 * @returns {Parley.MarkupNode[]}
 */
function parseBlocks(lines, depth, counter) {
  /** @type {Parley.MarkupNode[]} */
  const blocks = []
  /** @type {string[]} */
  let paragraph = []
  const endParagraph = () => {
    if (paragraph.length > 0) blocks.push({ name: "p", children: parseInline(paragraph.join("\n"), counter) })
    paragraph = []
  }
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? ""
    counter.steps += line.length
    const block = fence(lines, at) ?? (depth < DEPTH_MAX ? quote(lines, at, depth, counter) ?? list(lines, at, depth, counter) : null)
    if (block) {
      endParagraph()
      blocks.push(block.node)
      at = block.end
      continue
    }
    if (BLANK.test(line)) endParagraph()
    else paragraph.push(line)
    at += 1
  }
  endParagraph()
  return blocks
}

/**
 * From a line of three backticks to the next, or to the end.
 *
 * @param {string[]} lines
 * @param {number} start
 */
function fence(lines, start) {
  if (!FENCE.test(lines[start] ?? "")) return null
  const code = []
  let at = start + 1
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? ""
    if (!FENCE_END.test(line)) {
      code.push(line)
      continue
    }
    const rest = line.slice(0, line.lastIndexOf("```"))
    if (rest !== "") code.push(rest)
    break
  }
  return { node: { name: /** @type {const} */ ("pre"), children: [code.join("\n")] }, end: at + 1 }
}

/**
 * @param {string[]} lines
 * @param {number} start
 * @param {number} depth
 * @param {import("./inline-markup.js").Counter} counter
 */
function quote(lines, start, depth, counter) {
  let end = start
  while (end < lines.length && QUOTE.test(lines[end] ?? "")) end += 1
  if (end === start) return null
  const inner = lines.slice(start, end).map((line) => line.replace(QUOTE, ""))
  return { node: { name: /** @type {const} */ ("blockquote"), children: parseBlocks(inner, depth + 1, counter) }, end }
}

/**
 * @param {string[]} lines
 * @param {number} start
 * @param {number} depth
 * @param {import("./inline-markup.js").Counter} counter
 */
function list(lines, start, depth, counter) {
  const first = ITEM.exec(lines[start] ?? "")
  if (!first) return null
  const number = first[1]
  /** @type {{ lines: string[], indent: number }[]} the first line that goes on says how far an item is set in */
  const items = []
  let at = start
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? ""
    const marker = ITEM.exec(line)
    const item = items[items.length - 1]
    if (marker && (marker[1] === undefined) === (number === undefined)) items.push({ lines: [line.slice(marker[0].length)], indent: 0 })
    else if (item && /^ {2}/.test(line)) {
      const spaces = /^ {2,4}/.exec(line)?.[0].length ?? 0
      item.indent ||= spaces
      item.lines.push(line.slice(Math.min(spaces, item.indent)))
    } else if (item && BLANK.test(line) && goesOn(lines[at + 1], number === undefined)) item.lines.push("")
    else break
  }
  const children = items.map((item) => /** @type {Parley.MarkupNode} */ ({ name: "li", children: tight(parseBlocks(item.lines, depth + 1, counter)) }))
  const node = number === undefined
    ? { name: /** @type {const} */ ("ul"), children }
    : { name: /** @type {const} */ ("ol"), start: Number(number), children }
  return { node, end: at }
}

/**
 * Whether a list goes on behind an empty line.
 *
 * @param {string | undefined} line
 * @param {boolean} isBullets
 */
function goesOn(line, isBullets) {
  if (line === undefined || BLANK.test(line)) return false
  const marker = ITEM.exec(line)
  return marker ? (marker[1] === undefined) === isBullets : /^ {2}/.test(line)
}

/**
 * An item that begins with a paragraph begins with what is in it.
 *
 * @param {Parley.MarkupNode[]} blocks
 * @returns {Parley.MarkupNode[]}
 */
function tight(blocks) {
  const [first, ...rest] = blocks
  return typeof first === "object" && first.name === "p" ? [...first.children, ...rest] : blocks
}
