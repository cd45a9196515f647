// What stands inside of a paragraph: bold, italic, code and links. The server does the same
// (Sources/Web/Markup/InlineParser.swift); Tests/Fixtures/markup/messages.json holds both to it.
//
// Every character is looked at a bounded number of times, whatever the text: no rule may look further ahead than what
// no other will look at again.

import { linkSegments, safeHref } from "./linkify.js"

/** So many may be open at a time; what would be one more is text. */
const OPEN_MAX = 8

/** What a backslash takes the meaning from. Not the underscore: ¯\_(ツ)_/¯ */
const ESCAPABLE = "\\*`[]>#-."

/** @typedef {{ steps: number }} Counter how many characters were looked at, for tests */
/** @typedef {{ index: number, mark: string, length: number }} Opener a place in the nodes, where only text stands until it is closed */

/**
 * @param {string} text
 * @param {Counter} counter
 * @returns {Parley.MarkupNode[]}
 */
export function parseInline(text, counter = { steps: 0 }) {
  return new InlineParser(text, true, counter).parse()
}

class InlineParser {
  #text
  #hasLinks
  #counter
  /** @type {Parley.MarkupNode[]} */
  #nodes = []
  /** @type {Opener[]} */
  #openers = []
  /** Where the text begins that is in no node yet. */
  #plain = 0
  #at = 0
  /** @type {Map<number, { text: string, href: string }>} by where they start */
  #links = new Map()
  /** @type {Map<number, number[]> | null} where runs of backticks are, by their length, the first last */
  #ticks = null
  #labelEnd = -1

  /**
   * @param {string} text
   * @param {boolean} hasLinks
   * @param {Counter} counter
   */
  constructor(text, hasLinks, counter) {
    this.#text = text
    this.#hasLinks = hasLinks
    this.#counter = counter
    let start = 0
    for (const { text: part, href } of hasLinks ? linkSegments(text) : []) {
      if (href) this.#links.set(start, { text: part, href })
      start += part.length
    }
  }

  parse() {
    while (this.#at < this.#text.length) {
      this.#counter.steps += 1
      const link = this.#links.get(this.#at)
      if (link) {
        this.#push({ name: "a", href: link.href, children: [link.text] }, this.#at + link.text.length)
        continue
      }
      switch (this.#text[this.#at]) {
        case "\\": this.#escape(); break
        case "`": this.#code(); break
        case "[": this.#link(); break
        case "*":
        case "_": this.#mark(); break
        default: this.#at += 1
      }
    }
    this.#flush(this.#at)
    return joined(this.#nodes)
  }

  #escape() {
    const next = this.#text[this.#at + 1]
    if (next && ESCAPABLE.includes(next)) {
      this.#flush(this.#at)
      this.#plain = this.#at + 1
      this.#at += 2
    } else {
      this.#at += 1
    }
  }

  #code() {
    const length = this.#run("`")
    const start = this.#at + length
    const places = this.#placesOfTicks().get(length) ?? []
    while (places.length > 0 && (places[places.length - 1] ?? 0) < start) places.pop()
    const end = places[places.length - 1]
    if (end === undefined) {
      this.#at = start
      return
    }
    this.#counter.steps += end - start
    let code = this.#text.slice(start, end)
    if (code.startsWith(" ") && code.endsWith(" ") && /[^ ]/.test(code)) code = code.slice(1, -1)
    this.#push({ name: "code", children: [code] }, end + length)
  }

  #placesOfTicks() {
    if (this.#ticks) return this.#ticks
    this.#ticks = new Map()
    for (const { 0: run, index } of [...this.#text.matchAll(/`+/g)].reverse()) {
      const places = this.#ticks.get(run.length) ?? []
      places.push(index ?? 0)
      this.#ticks.set(run.length, places)
    }
    return this.#ticks
  }

  /** [label](address), where no other bracket opens before the label ends. */
  #link() {
    const start = this.#at
    this.#at += 1
    if (!this.#hasLinks) return
    if (this.#labelEnd !== Infinity && this.#labelEnd < start) {
      const found = this.#text.indexOf("](", start)
      this.#labelEnd = found < 0 ? Infinity : found
    }
    if (this.#labelEnd === Infinity) return
    const another = this.#text.indexOf("[", start + 1)
    if (another >= 0 && another < this.#labelEnd) return
    const end = this.#addressEnd(this.#labelEnd + 2)
    if (end === null) return
    const label = this.#text.slice(start + 1, this.#labelEnd)
    const href = safeHref(this.#text.slice(this.#labelEnd + 2, end))
    // A label that is an address itself could only say where one does not get to.
    if (!href || label.trim() === "" || linkSegments(label).some((segment) => segment.href)) return
    const children = new InlineParser(label, false, this.#counter).parse()
    this.#at = start
    this.#push({ name: "a", href, title: href, children }, end + 1)
  }

  /**
   * Where the bracket is that closes an address. Brackets inside of it come in pairs.
   *
   * @param {number} start
   */
  #addressEnd(start) {
    let depth = 0
    for (let index = start; index < this.#text.length; index += 1) {
      this.#counter.steps += 1
      const character = this.#text[index] ?? ""
      if (isSpace(character) || character === "[" || character === "]") return null
      if (character === "(") depth += 1
      if (character === ")" && depth === 0) return index
      if (character === ")") depth -= 1
    }
    return null
  }

  /** A run of one to three closes what the same one opened, or opens something. A longer one is text. */
  #mark() {
    const mark = this.#text[this.#at] ?? ""
    const length = this.#run(mark)
    const end = this.#at + length
    const before = this.#text[this.#at - 1] ?? " "
    const after = this.#text[end] ?? " "
    let left = length > 3 ? 0 : length
    if (!isSpace(before) && endsHere(mark, after)) {
      while (left > 0) {
        const place = this.#placeOfOpener(mark, left)
        const opener = this.#openers[place]
        if (!opener) break
        this.#flush(this.#at)
        this.#plain = this.#at
        this.#close(place, opener)
        left -= opener.length
        this.#at += opener.length
        this.#plain = this.#at
      }
    }
    if (left === length && left > 0 && !isSpace(after) && startsHere(mark, before) && this.#openers.length + (left === 3 ? 2 : 1) <= OPEN_MAX) {
      this.#flush(this.#at)
      for (const one of left === 3 ? [2, 1] : [left]) {
        this.#openers.push({ index: this.#nodes.length, mark, length: one })
        this.#nodes.push(mark.repeat(one))
      }
      this.#plain = end
    }
    this.#at = end
  }

  /**
   * The latest that a run of this length closes; one of three closes one of each.
   *
   * @param {string} mark
   * @param {number} length
   */
  #placeOfOpener(mark, length) {
    for (let place = this.#openers.length - 1; place >= 0; place -= 1) {
      const opener = this.#openers[place]
      if (opener?.mark === mark && (length === 3 || opener.length === length)) return place
    }
    return -1
  }

  /**
   * @param {number} place
   * @param {Opener} opener
   */
  #close(place, opener) {
    const children = joined(this.#nodes.splice(opener.index).slice(1))
    this.#nodes.push({ name: opener.length === 1 ? "em" : "strong", children })
    this.#openers.length = place
  }

  /** @param {string} mark */
  #run(mark) {
    let end = this.#at
    while (this.#text[end] === mark) end += 1
    this.#counter.steps += end - this.#at
    return end - this.#at
  }

  /**
   * @param {Parley.MarkupNode} node
   * @param {number} end
   */
  #push(node, end) {
    this.#flush(this.#at)
    this.#nodes.push(node)
    this.#at = end
    this.#plain = end
  }

  /** @param {number} end */
  #flush(end) {
    if (end > this.#plain) this.#nodes.push(this.#text.slice(this.#plain, end))
    this.#plain = end
  }
}

/**
 * An underscore is part of many a name: it starts and ends something only where a word does.
 *
 * @param {string} mark
 * @param {string} before
 */
function startsHere(mark, before) {
  return mark === "_" ? isSpace(before) || "([{'\"“‘«*".includes(before) : !isOfWord(before)
}

/**
 * @param {string} mark
 * @param {string} after
 */
function endsHere(mark, after) {
  return mark === "_" ? isSpace(after) || ")]}'\"”’».,;:!?…*".includes(after) : !isOfWord(after)
}

/** @param {string} character */
function isSpace(character) {
  return /[\s\u0000-\u001F\u0085\u200B]/.test(character)
}

/**
 * A letter or digit of a script that has spaces between its words.
 *
 * @param {string} character
 */
function isOfWord(character) {
  return character < "\u2E80" && /[\p{L}\p{N}]/u.test(character)
}

/**
 * With one text where several stood side by side.
 *
 * @param {Parley.MarkupNode[]} nodes
 */
function joined(nodes) {
  /** @type {Parley.MarkupNode[]} */
  const result = []
  for (const node of nodes) {
    const last = result[result.length - 1]
    if (typeof node === "string" && typeof last === "string") result[result.length - 1] = last + node
    else result.push(node)
  }
  return result
}
