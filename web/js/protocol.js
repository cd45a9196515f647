// The frames of docs/protocol.md. The only module that knows how they are spelled.

/**
 * @param {{ id?: Parley.FrameId, room?: string, message: string, clientId?: string }} fields
 * @returns {Parley.ClientFrame}
 */
export function chatMessageFrame({ id, room, message, clientId }) {
  return withoutUndefined({ type: "chat_message", id, room, message, clientId })
}

/**
 * @param {{ id?: Parley.FrameId, room?: string, seq: number }} fields
 * @returns {Parley.ClientFrame}
 */
export function readFrame({ id, room, seq }) {
  return withoutUndefined({ type: "read", id, room, seq })
}

/**
 * @param {{ room: string, epoch: string, seq: number }} fields
 * @returns {Parley.ClientFrame}
 */
export function resumeFrame({ room, epoch, seq }) {
  return { type: "resume", id: `resume-${seq}`, room, epoch, seq }
}

/**
 * @param {{ room: string, active: boolean }} fields
 * @returns {Parley.ClientFrame}
 */
export function typingFrame({ room, active }) {
  return { type: "typing", room, active }
}

/**
 * @param {{ id?: Parley.FrameId }} fields
 * @returns {Parley.ClientFrame}
 */
export function pingFrame({ id }) {
  return withoutUndefined({ type: "ping", id })
}

/**
 * What the server said, or null where we do not understand it: a newer server may say more than we know,
 * and that must not break what we do know.
 *
 * @param {unknown} data the data of a WebSocket message
 * @returns {Parley.ServerFrame | null}
 */
export function parseFrame(data) {
  if (typeof data !== "string") return null
  /** @type {any} */
  let frame
  try {
    frame = JSON.parse(data)
  } catch {
    return null
  }
  return isKnownFrame(frame) ? frame : null
}

/**
 * What a close code asks for. The hundred decides, so that codes which are invented later are understood too.
 *
 * @param {number} code
 * @returns {"retry" | "sign-in" | "stop"}
 */
export function closeAction(code) {
  if (code >= 4100 && code <= 4199) return "sign-in"
  if (code >= 4200 && code <= 4299) return "stop"
  // We broke the protocol and would break it again in the same way.
  if ([1002, 1003, 1007, 1008, 1009].includes(code)) return "stop"
  return "retry"
}

/**
 * Why the connection is not coming back, in a sentence.
 *
 * @param {number} code
 */
export function stopSentence(code) {
  if (code === 4200) return "This account is disabled."
  if (code === 4201) return "You are no longer in this room."
  if (code === 4202) return "Parley is open in too many windows."
  return "The server ended the connection. Reload the page to try again."
}

/** @param {any} frame */
function isKnownFrame(frame) {
  if (typeof frame !== "object" || frame === null) return false
  switch (frame.type) {
    case "ok": return isFrameId(frame.re)
    case "error": return isFrameId(frame.re ?? null) && typeof frame.code === "string" && typeof frame.message === "string"
    case "chat_message": return typeof frame.room === "string" && Number.isInteger(frame.seq) && isMessage(frame.message)
    case "read": return typeof frame.room === "string" && Number.isInteger(frame.seq)
    case "resumed": return typeof frame.room === "string" && typeof frame.epoch === "string" && Number.isInteger(frame.seq)
    case "typing": return typeof frame.room === "string" && isPerson(frame.user) && typeof frame.seconds === "number"
    case "presence": return isPerson(frame.user) && typeof frame.online === "boolean"
    case "person": return typeof frame.username === "string" && isPerson(frame.person)
    case "room_joined": return typeof frame.room?.slug === "string" && typeof frame.room?.name === "string"
    case "room_left": return typeof frame.room === "string"
    case "room_changed": return typeof frame.room === "string" && typeof frame.name === "string" && Number.isInteger(frame.slowSeconds)
    case "place_changed": return typeof frame.room === "string" && typeof frame.role === "string" && Array.isArray(frame.permissions)
    case "close": return Number.isInteger(frame.code)
    default: return false
  }
}

/** @param {any} message */
function isMessage(message) {
  return Number.isInteger(message?.seq)
    && isPerson(message.sender)
    && typeof message.text === "string"
    && typeof message.sentAt === "string"
}

/** @param {any} person */
function isPerson(person) {
  return typeof person?.username === "string" && typeof person?.name === "string"
}

/** @param {any} id */
function isFrameId(id) {
  return id === null || typeof id === "string" || typeof id === "number"
}

/**
 * @template {object} T
 * @param {T} fields
 */
function withoutUndefined(fields) {
  return /** @type {any} */ (Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)))
}
