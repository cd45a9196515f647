/** Menus are <details>, which work without a script. This adds what people expect of a menu: it closes. */
export function closeMenusOnLeave() {
  for (const menu of document.querySelectorAll("details.menu")) {
    if (menu instanceof HTMLDetailsElement) closeOnLeave(menu)
  }
}

/** @param {HTMLDetailsElement} menu */
function closeOnLeave(menu) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return
    event.stopPropagation()
    menu.open = false
    menu.querySelector("summary")?.focus()
  })
  document.addEventListener("click", (event) => {
    if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false
  })
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget instanceof Node && !menu.contains(event.relatedTarget)) menu.open = false
  })
}
