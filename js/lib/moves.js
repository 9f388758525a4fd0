// A card changing places on the page, and the server being told.
import { csrfToken, flash } from "./page.js"

export const cardsIn = list => [...list.querySelectorAll(":scope > .card")]

// Where a card stands: its list, and what comes after it, so that it can be put back.
export const placeOf = card => ({ list: card.parentElement, next: card.nextElementSibling })

export function putBack(card, { list, next }) {
  if (!list.isConnected) return
  list.insertBefore(card, next?.parentElement === list ? next : null)
}

// Tells the server where the card now stands; puts it back with a message when that fails.
export async function sendMove(card, origin) {
  const list = card.parentElement
  const body = new URLSearchParams({ column_id: list.dataset.columnId, position: cardsIn(list).indexOf(card) })
  try {
    const response = await fetch(card.dataset.movesUrl, {
      method: "POST",
      headers: { "X-CSRF-Token": csrfToken(), Accept: "text/vnd.turbo-stream.html" },
      body,
      redirect: "manual",
    })
    if (!response.ok) throw new Error(reason(response))
    return true
  } catch (error) {
    putBack(card, origin)
    flash(error.message.startsWith("The ") ? error.message : "The card could not be moved: there was no answer. It is back where it was.")
    return false
  }
}

// A redirect leads to the sign-in page: whoever asks for streams alone is sent nowhere else.
function reason(response) {
  if (response.type === "opaqueredirect" || response.status === 403) return "The card could not be moved: reload the page and sign in again."
  if (response.status === 404) return "The card or the column is no longer there."
  return "The move was refused. The card is back where it was."
}

// While a card is held, streams that would change the board wait; they are rendered on release, in order.
const waiting = []
let held = false

// Turbo renders a moment after it says so: only then does it count whether a card is held.
addEventListener("turbo:before-stream-render", event => {
  const { newStream, render } = event.detail
  const target = document.getElementById(newStream.getAttribute("target") ?? "")
  if (newStream.action !== "refresh" && !target?.closest("#board_columns")) return
  event.detail.render = stream => {
    if (!held && waiting.length === 0) return render(stream)
    waiting.push(() => render(stream))
  }
})

export function hold() { held = true }

export async function release() {
  held = false
  while (waiting.length > 0) await waiting.shift()()
}
