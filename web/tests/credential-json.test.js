import assert from "node:assert/strict"
import test from "node:test"

import { bytesOf, creationOptions, credentialJSON, requestOptions, textOf } from "../js/credential-json.js"

const bytes = Uint8Array.from({ length: 256 }, (_, number) => number)

test("bytes come back from their text, whatever they are and however many", () => {
  for (let length = 0; length < 8; length += 1) {
    const some = bytes.subarray(250 - length, 250)
    assert.deepEqual([...bytesOf(textOf(some))], [...some])
  }
  assert.deepEqual([...bytesOf(textOf(bytes))], [...bytes])
  assert.equal(textOf(Uint8Array.of(0xFB, 0xFF)), "-_8")
})

test("what the server asks for becomes what the browser takes", () => {
  const made = creationOptions({
    challenge: "AQI", user: { id: "Aw", name: "puck", displayName: "Puck" }, rp: { id: "localhost", name: "Parley" },
    excludeCredentials: [{ type: "public-key", id: "BA", transports: ["usb"] }],
  })
  assert.deepEqual([...new Uint8Array(/** @type {any} */ (made.challenge))], [1, 2])
  assert.deepEqual([.../** @type {any} */ (made.user.id)], [3])
  assert.deepEqual([.../** @type {any} */ (made.excludeCredentials)[0].id], [4])
  const asked = requestOptions({ challenge: "AQI", rpId: "localhost", allowCredentials: [] })
  assert.deepEqual(asked.allowCredentials, [])
})

test("what the browser answers becomes what the server reads", () => {
  const buffer = (/** @type {number[]} */ ...all) => Uint8Array.from(all).buffer
  const credential = {
    id: "BA", rawId: buffer(4), type: "public-key", getClientExtensionResults: () => ({ credProps: { rk: true } }),
    response: { clientDataJSON: buffer(1), attestationObject: buffer(2), getTransports: () => ["internal"] },
  }
  assert.deepEqual(credentialJSON(credential), {
    id: "BA", rawId: "BA", type: "public-key", clientExtensionResults: { credProps: { rk: true } },
    response: { clientDataJSON: "AQ", attestationObject: "Ag", transports: ["internal"] },
  })
  const used = {
    id: "BA", rawId: buffer(4), type: "public-key", getClientExtensionResults: () => ({}),
    response: { clientDataJSON: buffer(1), authenticatorData: buffer(2), signature: buffer(3), userHandle: null },
  }
  assert.deepEqual(credentialJSON(used).response, { clientDataJSON: "AQ", authenticatorData: "Ag", signature: "Aw" })
})
