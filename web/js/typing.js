import { systemClock } from "./clock.js"

/** How often we say that we are writing, at most. */
export const SAY_MS = 3_000

/**
 * Who is writing, as a sentence.
 *
 * @param {string[]} names
 */
export function typingSentence(names) {
  if (names.length === 0) return ""
  if (names.length === 1) return `${names[0]} is writing …`
  if (names.length === 2) return `${names[0]} and ${names[1]} are writing …`
  return "Several people are writing …"
}

/** Who is writing in the open room: tells the others of us, and us of them. */
export class Typing {
  #send
  #onChange
  #clock
  /** @type {number | null} when we last said that we write; null while we do not */
  #saidAt = null
  /** @type {Map<string, { name: string, timer: unknown }>} */
  #others = new Map()

  /**
   * @param {object} parts
   * @param {(isActive: boolean) => boolean} parts.send false where it could not go out
   * @param {(sentence: string) => void} parts.onChange
   * @param {Parley.Clock} [parts.clock]
   */
  constructor({ send, onChange, clock = systemClock }) {
    this.#send = send
    this.#onChange = onChange
    this.#clock = clock
  }

  /**
   * The text in the composer is this now.
   *
   * @param {string} text
   */
  wrote(text) {
    if (text.trim() === "") return this.stopped()
    if (this.#saidAt !== null && this.#clock.now() - this.#saidAt < SAY_MS) return
    // While there is no connection nobody hears it: then the next key says it again.
    if (this.#send(true)) this.#saidAt = this.#clock.now()
  }

  /** We no longer write: it is sent, emptied, or left alone. */
  stopped() {
    if (this.#saidAt === null) return
    this.#saidAt = null
    this.#send(false)
  }

  /** @param {Extract<Parley.ServerFrame, { type: "typing" }>} frame */
  heard({ user, active, seconds }) {
    this.#forget(user.username)
    if (active) {
      const timer = this.#clock.setTimeout(() => this.ended(user.username), seconds * 1000)
      this.#others.set(user.username, { name: user.name, timer })
    }
    this.#tell()
  }

  /**
   * Their message is here.
   *
   * @param {string} username
   */
  ended(username) {
    if (!this.#others.has(username)) return
    this.#forget(username)
    this.#tell()
  }

  /** @param {string} username */
  #forget(username) {
    this.#clock.clearTimeout(this.#others.get(username)?.timer)
    this.#others.delete(username)
  }

  #tell() {
    this.#onChange(typingSentence([...this.#others.values()].map(({ name }) => name)))
  }
}
