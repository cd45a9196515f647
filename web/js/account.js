// The pages to sign in and to register. They work without this; it only helps with typing.

for (const button of document.querySelectorAll("[data-reveal]")) {
  const field = document.getElementById(button.getAttribute("data-reveal") ?? "")
  if (button instanceof HTMLButtonElement && field instanceof HTMLInputElement) offerToReveal(button, field)
}

for (const button of document.querySelectorAll("[data-fill-username]")) {
  if (button instanceof HTMLButtonElement) offerToFill(button)
}

for (const form of document.querySelectorAll("form[data-account-form]")) {
  if (form instanceof HTMLFormElement) sendOnce(form)
}

const mistake = document.querySelector("[aria-invalid]")
if (mistake instanceof HTMLInputElement) mistake.focus()

/**
 * @param {HTMLButtonElement} button
 * @param {HTMLInputElement} field
 */
function offerToReveal(button, field) {
  const name = document.createElement("span")
  name.className = "visually-hidden"
  name.textContent = " password"
  const show = (/** @type {boolean} */ isShown) => {
    field.type = isShown ? "text" : "password"
    button.replaceChildren(isShown ? "Hide" : "Show", name)
  }
  button.hidden = false
  show(false)
  button.addEventListener("click", () => show(field.type === "password"))
  // Browsers offer to keep what is in a password field, and in no other.
  field.form?.addEventListener("submit", () => show(false))
}

/** @param {HTMLButtonElement} button */
function offerToFill(button) {
  button.hidden = false
  button.addEventListener("click", () => {
    fill("username", button.dataset.fillUsername ?? "")
    fill("password", button.dataset.fillPassword ?? "")
    const submit = document.querySelector("form[data-account-form] [type=submit]")
    if (submit instanceof HTMLButtonElement) submit.focus()
  })
}

/**
 * @param {string} id
 * @param {string} value
 */
function fill(id, value) {
  const field = document.getElementById(id)
  if (field instanceof HTMLInputElement) field.value = value
}

/**
 * A second press while the first is on its way would only say "this name is taken".
 *
 * @param {HTMLFormElement} form
 */
function sendOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.isSent) event.preventDefault()
    form.dataset.isSent = "true"
  })
  // Coming back with the back button brings the page as it was left.
  addEventListener("pageshow", () => delete form.dataset.isSent)
}
