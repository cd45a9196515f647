/** Who is there just now, among those whom the server tells us about. */
export class Presence {
  /** @type {Set<string>} */
  #online = new Set()

  /** @param {string[]} usernames */
  replace(usernames) {
    this.#online = new Set(usernames)
  }

  /** @param {Extract<Parley.ServerFrame, { type: "presence" }>} frame */
  heard({ user, online }) {
    if (online) this.#online.add(user.username)
    else this.#online.delete(user.username)
  }

  /**
   * Whether somebody else in a direct room is there.
   *
   * @param {Parley.Room} room
   * @param {string} me
   */
  isThere(room, me) {
    return (room.members ?? []).some(({ username }) => username !== me && this.#online.has(username))
  }
}
