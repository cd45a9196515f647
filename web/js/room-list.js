/** The rooms that the person is in, with what is unread in them. */
export class RoomList {
  /** @type {Map<string, Parley.Room>} */
  #rooms = new Map()
  #username

  /**
   * @param {Parley.Room[]} rooms
   * @param {string} username whose list it is
   */
  constructor(rooms, username) {
    this.#username = username
    this.replace(rooms)
  }

  /** As the server ordered them; rooms that were joined since come last. */
  get rooms() {
    return [...this.#rooms.values()]
  }

  /** @param {string} slug */
  find(slug) {
    return this.#rooms.get(slug)
  }

  /** All that is unread, in all rooms. */
  get unread() {
    return this.rooms.reduce((sum, room) => sum + room.unread, 0)
  }

  /** @param {Parley.Room[]} rooms everything anew, as after a reconnect; rooms one is not in are left out */
  replace(rooms) {
    this.#rooms = new Map(rooms.filter((room) => room.isMember).map((room) => [room.slug, { ...room }]))
  }

  /** @param {Parley.Room} room */
  joined(room) {
    this.#rooms.set(room.slug, { ...room, isMember: true })
  }

  /** @param {Extract<Parley.ServerFrame, { type: "room_changed" | "place_changed" }>} frame */
  changed({ type: _, room: slug, ...fields }) {
    const room = this.#rooms.get(slug)
    if (room) Object.assign(room, fields)
  }

  /** @param {string} slug */
  left(slug) {
    this.#rooms.delete(slug)
  }

  /**
   * Somebody is called otherwise from now on; a room between people has the names of the others.
   *
   * @param {string} username
   * @param {Parley.Person} person
   */
  renamed(username, person) {
    for (const room of this.#rooms.values()) {
      if (!room.members?.some((member) => member.username === username)) continue
      room.members = room.members.map((member) => member.username === username ? person : member)
      const others = room.members.filter((member) => member.username !== this.#username)
      room.name = others.map((member) => member.name).join(", ")
    }
  }

  /**
   * @param {string} slug
   * @param {Parley.Message} message
   */
  received(slug, message) {
    const room = this.#rooms.get(slug)
    // The same event may come twice, and one is never behind on one's own words.
    if (!room || message.seq <= room.lastSeq) return
    room.lastSeq = message.seq
    if (message.sender.username !== this.#username && !message.removes) room.unread += 1
  }

  /**
   * @param {string} slug
   * @param {number} seq
   */
  read(slug, seq) {
    const room = this.#rooms.get(slug)
    if (!room || seq <= room.readSeq) return
    room.readSeq = seq
    room.unread = Math.max(0, Math.min(room.unread, room.lastSeq - seq))
  }
}
