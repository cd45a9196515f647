import assert from "node:assert/strict"
import test from "node:test"
import { linkSegments } from "../js/linkify.js"

/** @param {string} text */
const links = (text) => linkSegments(text).filter((segment) => segment.href).map((segment) => segment.text)

test("the parts together are the text, whatever it is", () => {
  const texts = ["", "no link", "https://a.example/ and https://b.example/.", "https://", "http://http://", "(https://a.example/x)", "\u202Ehttps://a.example/\u202E", "https://a.example/" + ")".repeat(5000)]
  for (const text of texts) assert.equal(linkSegments(text).map((segment) => segment.text).join(""), text)
})

test("addresses become links, and the sentence around them does not", () => {
  assert.deepEqual(links("See https://a.example/x?y=1#z, or HTTP://B.example!"), ["https://a.example/x?y=1#z", "HTTP://B.example"])
  assert.deepEqual(links("(see https://a.example/x)"), ["https://a.example/x"])
  assert.deepEqual(links("https://en.example/wiki/Parley_(talk)"), ["https://en.example/wiki/Parley_(talk)"])
  assert.deepEqual(links("“https://a.example/”"), ["https://a.example/"])
})

test("only http and https", () => {
  for (const text of ["javascript:alert(1)", "data:text/html,<script>1</script>", "vbscript:x", "file:///etc/passwd", "ftp://a.example/", "javascript://https://a.example/%0aalert(1)", "www.a.example"]) {
    for (const segment of linkSegments(text)) assert.ok(!segment.href || segment.href.startsWith("https://a.example/"), text)
  }
  assert.deepEqual(links("javascript:alert(1)"), [])
})

test("an address that pretends to be another is no link", () => {
  assert.deepEqual(links("https://bank.example@evil.example/"), [])
  assert.deepEqual(links("https://user:secret@evil.example/"), [])
})

test("characters that turn the text around end an address", () => {
  assert.deepEqual(links("https://a.example/\u202Egpj.exe"), ["https://a.example/"])
  assert.deepEqual(links("https://a.example/\u200Bx"), ["https://a.example/"])
})

test("markup in an address stays text", () => {
  const [link] = linkSegments('https://a.example/"><script>alert(1)</script>')
  assert.equal(link?.text, "https://a.example/")
  for (const segment of linkSegments("https://a.example/'onmouseover='alert(1)")) {
    if (segment.href) assert.ok(!/["<>]/.test(segment.href))
  }
})

test("what the URL parser refuses is no link", () => {
  for (const text of ["https://", "http:///", "https://.", "https://exa mple", "https://[::1", "https://a.example:99999/"]) {
    for (const segment of linkSegments(text)) assert.ok(!segment.href || new URL(segment.href), text)
  }
  assert.deepEqual(links("https://a.example:99999/"), [])
})

test("an address inside a word, or without end, is no link", () => {
  assert.deepEqual(links("xhttps://a.example/"), [])
  assert.deepEqual(links("https://a.example/" + "x".repeat(3000)), [])
})

test("hostile length costs no hostile time", () => {
  const start = Date.now()
  linkSegments("https://".repeat(500))
  linkSegments(("https://a.example/" + ").".repeat(1000)).slice(0, 4000))
  linkSegments("http://a.b/ ".repeat(333))
  assert.ok(Date.now() - start < 500)
})
