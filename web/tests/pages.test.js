// What can be said of templates, styles and scripts by reading them: the promises of the content security policy,
// and that what one file names, the others have.

import assert from "node:assert/strict"
import { readdirSync, readFileSync } from "node:fs"
import test from "node:test"

const web = new URL("../", import.meta.url)

/**
 * @param {string} folder
 * @param {string} extension
 */
function filesIn(folder, extension) {
  const names = readdirSync(new URL(`${folder}/`, web)).filter((name) => name.endsWith(extension))
  return names.map((name) => ({ name, text: readFileSync(new URL(`${folder}/${name}`, web), "utf8") }))
}

/**
 * @param {string} text
 * @param {RegExp} pattern with one group
 */
const findAll = (text, pattern) => [...text.matchAll(pattern)].map((match) => match[1] ?? "")

const templates = filesIn("templates", ".mustache")
const scripts = filesIn("js", ".js")
const styles = filesIn("css", ".css")
const templateNames = templates.map(({ name }) => name.replace(".mustache", ""))

test("templates hold nothing that the policy forbids", () => {
  for (const { name, text } of templates) {
    assert.ok(!/\sstyle\s*=/i.test(text), `${name}: style attribute`)
    assert.ok(!/\son[a-z]+\s*=/i.test(text), `${name}: event attribute`)
    assert.ok(!/<style/i.test(text), `${name}: style element`)
    assert.ok(!/<script(?![^>]*\ssrc=)/i.test(text), `${name}: inline script`)
    assert.ok(!/javascript:|https?:\/\//i.test(text), `${name}: address of another site`)
  }
})

test("nothing in a template goes out unescaped", () => {
  for (const { name, text } of templates) {
    // One thing is HTML already: what MarkupHTML writes of a message, and that escapes by itself.
    const rest = name === "message.mustache" ? text.replace("{{{markup}}}", "") : text
    assert.ok(!/\{\{\{|\{\{&/.test(rest), name)
  }
})

test("templates escape by the type that the server has registered", () => {
  const layout = templates.find(({ name }) => name === "layout.mustache")
  assert.ok(layout?.text.startsWith("{{% CONTENT_TYPE:HTML}}\n"))
})

test("scripts build no markup from strings", () => {
  for (const { name, text } of scripts) {
    assert.ok(!/innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function/.test(text), name)
  }
})

test("sections are closed in the order in which they were opened", () => {
  for (const { name, text } of templates) {
    const open = []
    for (const [, kind, section] of text.matchAll(/\{\{([#^<$/])\s*([\w.-]+)\s*\}\}/g)) {
      if (kind === "/") assert.equal(open.pop(), section, name)
      else open.push(section)
    }
    assert.deepEqual(open, [], name)
  }
})

test("every partial is there", () => {
  for (const { name, text } of templates) {
    for (const partial of findAll(text, /\{\{[<>]\s*([\w-]+)\s*\}\}/g)) assert.ok(templateNames.includes(partial), `${name}: ${partial}`)
  }
})

test("every file that a page asks for is there", () => {
  for (const { name, text } of templates) {
    for (const path of findAll(text, /\{\{assets\}\}\/([^"]+)"/g)) assert.ok(readFileSync(new URL(path, web), "utf8"), `${name}: ${path}`)
  }
  for (const { name, text } of styles) {
    for (const path of findAll(text, /url\("([^"]+)"\)/g)) assert.ok(readFileSync(new URL(`css/${path}`, web), "utf8"), `${name}: ${path}`)
  }
})

test("every form that changes something carries the token", () => {
  for (const { name, text } of templates) {
    for (const form of findAll(text, /<form([\s\S]*?)<\/form>/g)) assert.ok(form.includes('name="csrf"'), name)
  }
})

test("what scripts look for in a page, a template has", () => {
  const markup = templates.map(({ text }) => text).join("\n")
  for (const { name, text } of scripts) {
    for (const id of findAll(text, /copyTemplate\("([\w-]+)"\)/g)) assert.ok(markup.includes(`id="${id}"`), `${name}: ${id}`)
    for (const attribute of findAll(text, /\[(data-[\w-]+)[\]=]/g)) assert.ok(markup.includes(attribute), `${name}: ${attribute}`)
  }
})

test("colours are named in one file", () => {
  for (const { name, text } of styles) {
    if (name !== "tokens.css") assert.ok(!/#[0-9a-f]{3,8}\b|rgb\(/i.test(text), name)
  }
})

test("every custom property that is used is defined", () => {
  const all = styles.map(({ text }) => text).join("\n")
  const defined = new Set(findAll(all, /(--[\w-]+)\s*:/g))
  for (const property of findAll(all, /var\((--[\w-]+)/g)) assert.ok(defined.has(property), property)
})
