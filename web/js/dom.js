/**
 * The one element that a page must have for its script to work. Templates and scripts are changed together, so a
 * missing one is our mistake and is said loudly.
 *
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} type
 * @returns {T}
 */
export function need(root, selector, type) {
  const element = root.querySelector(selector)
  if (element instanceof type) return element
  throw new Error(`The page has no ${selector}`)
}

/**
 * A copy of the first element of a <template> of the page.
 *
 * @param {string} id
 * @returns {HTMLElement}
 */
export function copyTemplate(id) {
  const copy = need(document, `#${id}`, HTMLTemplateElement).content.firstElementChild?.cloneNode(true)
  if (copy instanceof HTMLElement) return copy
  throw new Error(`The template ${id} is empty`)
}

/**
 * Brings the children of a list to the wanted ones and their order, and touches nothing that is right already: what
 * stays keeps its focus and its selection, and a screen reader hears only of what is new.
 *
 * @param {Element} list
 * @param {Element[]} wanted
 */
export function arrangeChildren(list, wanted) {
  const kept = new Set(wanted)
  for (const child of [...list.children]) {
    if (!kept.has(child)) child.remove()
  }
  let place = list.firstElementChild
  for (const element of wanted) {
    if (element === place) place = place.nextElementSibling
    else list.insertBefore(element, place)
  }
}
