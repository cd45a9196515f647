/**
 * A new id for a message of ours, unique among all that we ever send: the server stores a message with the same
 * id only once, so that it is safe to send again when an answer was lost.
 *
 * @param {Pick<Crypto, "getRandomValues"> & { randomUUID?: () => string }} source
 */
export function newClientId(source = crypto) {
  // `randomUUID` exists in secure contexts only; a test server on plain http in the local network has none.
  if (source.randomUUID) return source.randomUUID()
  const bytes = source.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
}
