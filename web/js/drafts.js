/** What was begun and not sent, room by room, for as long as the tab lives. */
export class Drafts {
  #storage
  #prefix

  /**
   * @param {Parley.StorageLike} storage
   * @param {string} username drafts of one person are never shown to the next one on the same machine
   */
  constructor(storage, username) {
    this.#storage = storage
    this.#prefix = `parley.draft.${username}.`
  }

  /** @param {string} room */
  read(room) {
    return this.#storage.getItem(this.#prefix + room) ?? ""
  }

  /**
   * @param {string} room
   * @param {string} text
   */
  write(room, text) {
    if (text === "") this.#storage.removeItem(this.#prefix + room)
    else this.#storage.setItem(this.#prefix + room, text)
  }
}
