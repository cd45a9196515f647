import { address } from "./base.js"
import { eventsPath } from "./event-reader.js"

/** Longer than this is no answer. */
const ANSWER_MS = 20_000

/** The server lets a poll wait, by default for 25 s. */
const POLL_MS = 90_000

/** What the server said instead of what we asked for (problem details, RFC 9457), or that it could not be reached. */
export class ApiError extends Error {
  /**
   * @param {number} status 0 where there was no answer at all
   * @param {string} code
   * @param {string} detail a sentence for people
   */
  constructor(status, code, detail) {
    super(detail)
    this.status = status
    this.code = code
  }
}

/** The HTTP API, as far as the pages use it. Signed in by the session cookie. */
export class Api {
  #fetch
  #csrf

  /**
   * @param {{ csrf: string, fetch?: typeof globalThis.fetch }} parts
   */
  constructor({ csrf, fetch = globalThis.fetch.bind(globalThis) }) {
    this.#csrf = csrf
    this.#fetch = fetch
  }

  /** @returns {Promise<boolean>} true only where the server says so; an unreachable server says nothing */
  async isSignedOut() {
    try {
      await this.#get("/api/auth/me/")
      return false
    } catch (error) {
      return error instanceof ApiError && error.status === 401
    }
  }

  /** @returns {Promise<Parley.Room[]>} mine and the public ones */
  async rooms() {
    return (await this.#get("/api/rooms/")).rooms
  }

  /**
   * @param {string} room
   * @param {{ before?: number, after?: number, limit: number }} page
   * @returns {Promise<Parley.HistoryPage>} ascending
   */
  messages(room, page) {
    const query = new URLSearchParams(Object.entries(page).map(([key, value]) => [key, String(value)]))
    return this.#get(`/api/rooms/${encodeURIComponent(room)}/messages/?${query}`)
  }

  /**
   * @param {string} room
   * @param {number} seq
   */
  async removeMessage(room, seq) {
    await this.#ask("DELETE", `/api/rooms/${encodeURIComponent(room)}/messages/${seq}/`)
  }

  /**
   * @param {string} start the beginning of a name
   * @returns {Promise<Parley.Person[]>}
   */
  async people(start) {
    return (await this.#get(`/api/users/?q=${encodeURIComponent(start)}`)).users
  }

  /** @returns {Promise<string[]>} the usernames of those who are there */
  async online() {
    return (await this.#get("/api/presence/")).online
  }

  /** @returns {Promise<boolean>} whether plain requests get through to the server */
  async isReachable() {
    return this.#get("/api/health/").then(() => true, () => false)
  }

  /** @returns {Promise<string>} the name of a new event stream */
  async openEvents() {
    return (await this.#ask("POST", "/api/events/")).stream
  }

  /**
   * @param {string} stream
   * @param {string} frame
   */
  async sendFrame(stream, frame) {
    await this.#ask("POST", eventsPath(stream), { body: frame })
  }

  /**
   * Waits at the server until there are some, or for half a minute.
   *
   * @param {string} stream
   * @param {number} after
   * @returns {Promise<{ id: number, frame: unknown }[]>}
   */
  async pollEvents(stream, after) {
    return (await this.#ask("GET", `${eventsPath(stream)}?after=${after}`, { patience: POLL_MS })).frames
  }

  /** @param {string} stream */
  async closeEvents(stream) {
    // Also while the page is being left: else the person would seem to be there for another minute.
    await this.#ask("DELETE", eventsPath(stream), { keepalive: true })
  }

  /** @param {string} path */
  #get(path) {
    return this.#ask("GET", path)
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {{ body?: string, patience?: number, keepalive?: boolean }} options
   */
  async #ask(method, path, { body, patience = ANSWER_MS, keepalive = false } = {}) {
    /** @type {Record<string, string>} */
    const headers = { Accept: "application/json", "X-CSRF-Token": this.#csrf }
    if (body !== undefined) headers["Content-Type"] = "application/json"
    /** @type {Response} */
    let response
    try {
      response = await this.#fetch(address(path), {
        method, body, headers, keepalive, credentials: "same-origin", cache: "no-store", signal: answerSignal(patience),
      })
    } catch {
      throw new ApiError(0, "unreachable", "The server cannot be reached.")
    }
    const answer = await response.json().catch(() => null)
    if (response.ok) return answer ?? {}
    const code = answer?.code ?? "unknown"
    throw new ApiError(response.status, code, answer?.detail ?? answer?.title ?? "The server gave an answer that makes no sense here.")
  }
}

/** Newer than the type checker's idea of a browser, and than some browsers. */
function answerSignal(/** @type {number} */ milliseconds) {
  return /** @type {any} */ (AbortSignal).timeout?.(milliseconds)
}
