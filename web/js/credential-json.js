// What the server and the browser's credentials say to each other, in JSON (WebAuthn Level 3, sections 5.1.8 to 5.1.10).
// Newer browsers can do this by themselves; this is for all of them.

/**
 * @param {string} text Base64 for URLs, without padding
 * @returns {Uint8Array}
 */
export function bytesOf(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"))
  return Uint8Array.from(plain, (character) => character.charCodeAt(0))
}

/**
 * @param {ArrayBuffer | ArrayBufferView} bytes
 * @returns {string} Base64 for URLs, without padding
 */
export function textOf(bytes) {
  const view = ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes)
  const plain = Array.from(view, (byte) => String.fromCharCode(byte)).join("")
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")
}

/**
 * What `navigator.credentials.create` takes.
 *
 * @param {any} options as the server sent them
 * @returns {PublicKeyCredentialCreationOptions}
 */
export function creationOptions(options) {
  return {
    ...options,
    challenge: bytesOf(options.challenge),
    user: { ...options.user, id: bytesOf(options.user.id) },
    excludeCredentials: (options.excludeCredentials ?? []).map(descriptor),
  }
}

/**
 * What `navigator.credentials.get` takes.
 *
 * @param {any} options as the server sent them
 * @returns {PublicKeyCredentialRequestOptions}
 */
export function requestOptions(options) {
  return {
    ...options,
    challenge: bytesOf(options.challenge),
    allowCredentials: (options.allowCredentials ?? []).map(descriptor),
  }
}

/** @param {any} known */
function descriptor(known) {
  return { ...known, id: bytesOf(known.id) }
}

/**
 * A credential as the server reads it.
 *
 * @param {any} credential that the browser gave
 * @returns {Record<string, unknown>}
 */
export function credentialJSON(credential) {
  const { response } = credential
  /** @type {Record<string, unknown>} */
  const answer = { clientDataJSON: textOf(response.clientDataJSON) }
  if (response.attestationObject) {
    answer.attestationObject = textOf(response.attestationObject)
    answer.transports = response.getTransports?.() ?? []
  } else {
    answer.authenticatorData = textOf(response.authenticatorData)
    answer.signature = textOf(response.signature)
    if (response.userHandle) answer.userHandle = textOf(response.userHandle)
  }
  const { credProps } = credential.getClientExtensionResults()
  return {
    id: credential.id, rawId: textOf(credential.rawId), type: credential.type, response: answer,
    clientExtensionResults: credProps ? { credProps } : {},
  }
}
