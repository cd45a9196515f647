/** Nobody wants suggestions for every letter of a fast typist. */
const PAUSE_MS = 200

/**
 * The part of a list of names that is being typed, and what stands before it.
 *
 * @param {string} value
 * @param {boolean} isList whether several names, with commas between them, are wanted
 */
export function currentName(value, isList) {
  const start = isList ? value.lastIndexOf(",") + 1 : 0
  const name = value.slice(start)
  return { before: value.slice(0, start) + (/^\s*/.exec(name)?.[0] ?? ""), name: name.trim() }
}

/**
 * Offers the names of people in every field that asks for them.
 *
 * @param {import("./api.js").Api} api
 */
export function suggestPeople(api) {
  for (const input of document.querySelectorAll("input[data-people]")) {
    const options = document.getElementById(input.getAttribute("data-people") ?? "")
    if (input instanceof HTMLInputElement && options) suggestIn(input, options, api)
  }
}

/**
 * @param {HTMLInputElement} input
 * @param {HTMLElement} options
 * @param {import("./api.js").Api} api
 */
function suggestIn(input, options, api) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pause
  input.addEventListener("input", () => {
    clearTimeout(pause)
    const { before, name } = currentName(input.value, input.name === "usernames")
    if (name === "") return
    pause = setTimeout(async () => {
      const people = await api.people(name).catch(() => [])
      options.replaceChildren(...people.map((person) => {
        const option = document.createElement("option")
        option.value = before + person.username
        option.label = person.name
        return option
      }))
    }, PAUSE_MS)
  })
}
