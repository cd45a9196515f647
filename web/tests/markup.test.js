import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import test from "node:test"
import { parseMarkup } from "../js/markup.js"

// The server's tests read the same file.
const fixtures = JSON.parse(readFileSync(new URL("../../Tests/Fixtures/markup/messages.json", import.meta.url), "utf8"))

for (const { name, text, tree } of fixtures) {
  test(`markup: ${name}`, () => assert.deepEqual(parseMarkup(text), tree))
}

/** @type {Record<string, string>} */
const HOSTILE = {
  stars: "*", "stars and lines": "*_", openers: "*a ", closers: "a* ", "bold openers": "***a ", ticks: "`", "ticks apart": "`` ` ",
  brackets: "[", "links without end": "[a](", "addresses without end": "[a](https://a.example/x", labels: "[a]",
  addresses: "https://", quotes: ">", "quotes apart": "> ", bullets: "- ", items: "- a\n", "items set in": "  - a\n",
  fences: "```\n", "empty lines": "- a\n\n", backslashes: "\\", spaces: " ", "closing brackets": ")",
}

test("the work grows as the text does, whatever it is", () => {
  for (const [name, piece] of Object.entries(HOSTILE)) {
    for (const begin of ["", "- ", "https://a.example/", "*"]) {
      const [once, twice] = [50_000, 100_000].map((length) => {
        const counter = { steps: 0 }
        parseMarkup(begin + piece.repeat(length / piece.length), counter)
        return counter.steps
      })
      assert.ok((twice ?? 0) <= 100_000 * 10, `${name}: ${twice}`)
      assert.ok((twice ?? 0) <= (once ?? 0) * 2.1, `${name}: ${once}, ${twice}`)
    }
  }
})

test("no tree is deep, whatever the text", () => {
  /** @param {Parley.MarkupNode} node @returns {number} */
  const depth = (node) => typeof node === "string" ? 0 : 1 + Math.max(0, ...node.children.map(depth))
  for (const piece of Object.values(HOSTILE)) {
    for (const node of parseMarkup(piece.repeat(1000) + " a* b* c** ".repeat(500))) assert.ok(depth(node) < 24)
  }
})

test("elements and addresses are of a closed set, whatever the text", () => {
  const pieces = ["*", "_", "**", "`", "```\n", "[", "](", ")", "https://a.example", "javascript:alert(1)", "mailto:a@b.example", "<b>", "\n", "> ", "- ", "1. ", "\\", " ", "a", "ö", "李", "\u202E", "\0", "@", "\""]
  let seed = 1
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
  /** @param {Parley.MarkupNode} node */
  const check = (node) => {
    if (typeof node === "string") return
    assert.ok(["p", "strong", "em", "code", "a", "pre", "blockquote", "ul", "ol", "li"].includes(node.name))
    if (node.name === "a") assert.ok(/^(https?:\/\/|mailto:)[^\s<>"]+$/i.test(node.href ?? ""))
    node.children.forEach(check)
  }
  for (let round = 0; round < 3000; round += 1) {
    const text = Array.from({ length: 1 + Math.floor(random() * 30) }, () => pieces[Math.floor(random() * pieces.length)]).join("")
    parseMarkup(text).forEach(check)
  }
})
