/** Longer than this is no answer. */
const ANSWER_MS = 20_000

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
   * @returns {Promise<{ messages: Parley.Message[], hasMore: boolean }>} ascending
   */
  messages(room, page) {
    const query = new URLSearchParams(Object.entries(page).map(([key, value]) => [key, String(value)]))
    return this.#get(`/api/rooms/${encodeURIComponent(room)}/messages/?${query}`)
  }

  /**
   * @param {string} start the beginning of a name
   * @returns {Promise<Parley.Person[]>}
   */
  async people(start) {
    return (await this.#get(`/api/users/?q=${encodeURIComponent(start)}`)).users
  }

  /** @param {string} path */
  async #get(path) {
    /** @type {Response} */
    let response
    try {
      response = await this.#fetch(path, {
        credentials: "same-origin",
        cache: "no-store",
        headers: { Accept: "application/json", "X-CSRF-Token": this.#csrf },
        signal: answerSignal(),
      })
    } catch {
      throw new ApiError(0, "unreachable", "The server cannot be reached.")
    }
    const body = await response.json().catch(() => null)
    if (response.ok && body) return body
    const code = body?.code ?? "unknown"
    throw new ApiError(response.status, code, body?.detail ?? body?.title ?? "The server gave an answer that makes no sense here.")
  }
}

/** Newer than the type checker's idea of a browser, and than some browsers. */
function answerSignal() {
  return /** @type {any} */ (AbortSignal).timeout?.(ANSWER_MS)
}
