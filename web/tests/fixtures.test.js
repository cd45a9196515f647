// The examples that the Swift tests read too. Where both sides agree with them, they agree with each other.

import assert from "node:assert/strict"
import { readdirSync, readFileSync } from "node:fs"
import test from "node:test"
import { chatMessageFrame, parseFrame, pingFrame, readFrame } from "../js/protocol.js"

const folder = new URL("../../Tests/Fixtures/wire/", import.meta.url)
const fixtures = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .map((file) => ({ file, ...JSON.parse(readFileSync(new URL(file, folder), "utf8")) }))

/** @type {Record<string, { build: (frame: any) => unknown, fields: string[] }>} */
const builders = {
  chat_message: { build: chatMessageFrame, fields: ["type", "id", "room", "message", "clientId"] },
  read: { build: readFrame, fields: ["type", "id", "room", "seq"] },
  ping: { build: pingFrame, fields: ["type", "id"] },
}

test("there are fixtures", () => {
  assert.ok(fixtures.length > 0, `${folder} is empty`)
})

for (const { file, direction, frame, valid } of fixtures) {
  const builder = builders[frame?.type]
  // Frames with fields that nobody defined are for the server's patience, not for ours.
  const isOurs = builder && Object.keys(frame).every((field) => builder.fields.includes(field) && frame[field] !== null)
  if (direction === "client" && valid === true && isOurs) {
    test(`${file}: we build this frame`, () => assert.deepEqual(builder.build(frame), frame))
  }
  if (direction === "server" && valid !== false && frame) {
    test(`${file}: we understand this frame`, () => assert.deepEqual(parseFrame(JSON.stringify(frame)), frame))
  }
}
