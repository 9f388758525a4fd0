// A card is taken up by key (M, or Space on its focus), carried by the arrows and put down by Enter.
import { Controller } from "@hotwired/stimulus"
import { announce } from "../lib/page.js"
import { cardsIn, hold, placeOf, putBack, release, sendMove } from "../lib/moves.js"

export default class extends Controller {
  static targets = ["list", "hint", "words"]

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (this.card) return this.carry(event)
    const card = event.target.closest(".card")
    if (!card || !["m", "M", " "].includes(event.key)) return
    event.preventDefault()
    this.take(card)
  }

  take(card) {
    this.card = card
    this.origin = placeOf(card)
    hold()
    card.classList.add("card--carried")
    this.hintTarget.hidden = false
    this.say("Moving")
  }

  carry(event) {
    const act = {
      ArrowUp: () => this.shift(-1),
      ArrowDown: () => this.shift(1),
      ArrowLeft: () => this.cross(-1),
      ArrowRight: () => this.cross(1),
      Enter: () => this.drop(),
      " ": () => this.drop(),
      Escape: () => this.cancel(),
      Tab: () => this.cancel(),
    }[event.key]
    if (!act) return
    if (event.key !== "Tab") event.preventDefault()
    act()
  }

  shift(step) {
    const list = this.card.parentElement
    const cards = cardsIn(list)
    const at = cards.indexOf(this.card) + step
    if (at < 0 || at >= cards.length) return
    this.place(list, step < 0 ? cards[at] : cards[at].nextElementSibling)
  }

  cross(step) {
    const lists = this.listTargets
    const list = lists[lists.indexOf(this.card.parentElement) + step]
    if (!list) return
    const at = cardsIn(this.card.parentElement).indexOf(this.card)
    this.place(list, cardsIn(list)[at] ?? null)
  }

  place(list, next) {
    list.insertBefore(this.card, next)
    this.focus()
    this.card.scrollIntoView({ block: "nearest", inline: "nearest" })
    this.say("Moving")
  }

  async drop() {
    const { card, origin } = this
    this.say("Dropped")
    this.letGo()
    const moved = card.parentElement !== origin.list || card.nextElementSibling !== origin.next
    if (moved) await sendMove(card, origin)
    await release()
    refocus(card.id)
  }

  async cancel() {
    const { card, focused } = this
    putBack(card, this.origin)
    if (focused) this.focus()
    this.say("Put back")
    this.letGo()
    await release()
    if (focused) refocus(card.id)
  }

  // Whoever goes elsewhere by mouse lets go too; a card that changes places loses the focus for a moment.
  leave() {
    setTimeout(() => { if (this.card && !this.focused) this.cancel() })
  }

  // A page is not kept for Back with a card in hand.
  rest() { if (this.card) this.cancel() }

  letGo() {
    this.card.classList.remove("card--carried")
    this.card = null
    this.hintTarget.hidden = true
    this.wordsTarget.textContent = ""
  }

  get focused() { return this.card.contains(document.activeElement) }

  focus() { this.card.querySelector("a").focus({ preventScroll: true }) }

  say(verb) {
    const list = this.card.parentElement
    const cards = cardsIn(list)
    const title = this.card.querySelector(".card__title").textContent.trim()
    const words = `${verb} ${title}: ${list.dataset.columnName}, ${cards.indexOf(this.card) + 1} of ${cards.length}`
    this.wordsTarget.textContent = words
    announce(words)
  }

  disconnect() {
    if (!this.card) return
    this.letGo()
    release()
  }
}

// What came meanwhile may have drawn the card anew; whoever has gone on is not called back.
function refocus(id) {
  if (document.activeElement !== document.body) return
  document.getElementById(id)?.querySelector("a")?.focus({ preventScroll: true })
}
