// Forms that a passkey answers: the server is asked for a question, the browser for its answer, and the form takes it back.

import { creationOptions, credentialJSON, requestOptions } from "./credential-json.js"
import { need } from "./dom.js"

/** A question lasts five minutes at the server. */
const QUESTION_MS = 240_000

/** What waits for the person to choose a passkey from the list below the username; only one may wait at a time. */
let waiting = new AbortController()

const isSupported = typeof globalThis.PublicKeyCredential === "function" && navigator.credentials !== undefined

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (isSupported && form instanceof HTMLFormElement) offer(form)
}
for (const note of document.querySelectorAll("[data-passkey-unsupported]")) {
  if (isSupported && note instanceof HTMLElement) note.hidden = true
}

/** @param {HTMLFormElement} form */
function offer(form) {
  form.hidden = false
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    waiting.abort()
    answer(form, "required")
  })
  if (form.hasAttribute("data-passkey-autofill")) answerFromList(form)
}

/**
 * Lets the browser offer passkeys where it offers usernames. Nothing is said where that does not work: nobody asked.
 *
 * @param {HTMLFormElement} form
 */
async function answerFromList(form) {
  const canList = await /** @type {any} */ (PublicKeyCredential).isConditionalMediationAvailable?.()
  if (!canList) return
  const renew = setInterval(() => {
    waiting.abort()
    answer(form, "conditional")
  }, QUESTION_MS)
  form.addEventListener("submit", () => clearInterval(renew))
  answer(form, "conditional")
}

/**
 * @param {HTMLFormElement} form
 * @param {"required" | "conditional"} mediation
 */
async function answer(form, mediation) {
  const isAsked = mediation === "required"
  const mine = new AbortController()
  waiting = mine
  if (isAsked) say(form, "")
  try {
    const question = await ask(form)
    if (mine.signal.aborted) return
    const credential = await respond(form, question, mediation, mine.signal)
    if (!credential) return
    field(form, "challenge").value = question.challenge
    field(form, "answer").value = JSON.stringify(credentialJSON(credential))
    form.submit()
  } catch (error) {
    if (isAsked && !mine.signal.aborted) say(form, sentence(error))
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {any} question
 * @param {"required" | "conditional"} mediation
 * @param {AbortSignal} signal
 */
function respond(form, question, mediation, signal) {
  if (form.dataset.passkey === "make") {
    return navigator.credentials.create({ publicKey: creationOptions(question), signal })
  }
  // The type checker's idea of a browser does not know "conditional".
  const options = /** @type {any} */ ({ publicKey: requestOptions(question), signal })
  if (mediation === "conditional") options.mediation = mediation
  return navigator.credentials.get(options)
}

/**
 * @param {HTMLFormElement} form
 * @returns {Promise<any>} what the server wants to be answered
 */
async function ask(form) {
  const body = new URLSearchParams()
  for (const name of ["csrf", "pending", "password"]) {
    const input = form.elements.namedItem(name)
    if (input instanceof HTMLInputElement) body.set(name, input.value)
  }
  const response = await fetch(form.dataset.passkeyQuestion ?? "", {
    method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store",
  })
  const json = await response.json().catch(() => null)
  if (!response.ok || !json) throw new Refusal(json?.detail ?? "The server gave an answer that makes no sense here.")
  return json
}

/** The server's own sentence. */
class Refusal extends Error {}

/**
 * @param {unknown} error
 * @returns {string}
 */
function sentence(error) {
  if (error instanceof Refusal) return error.message
  switch (error instanceof Error ? error.name : "") {
    case "InvalidStateError": return "This device has a passkey of yours already."
    case "NotAllowedError": return "No passkey was chosen, or it took too long. Try again."
    case "TypeError": return "The server cannot be reached just now. Try again in a moment."
    default: return "The browser could not do this. Try again, or take another way."
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {string} text
 */
function say(form, text) {
  need(form, "[data-passkey-problem]", HTMLElement).textContent = text
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 */
function field(form, name) {
  return need(form, `input[name="${name}"]`, HTMLInputElement)
}
