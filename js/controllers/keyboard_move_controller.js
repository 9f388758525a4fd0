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
    document.getElementById(card.id)?.querySelector("a")?.focus({ preventScroll: true })
  }

  cancel() {
    putBack(this.card, this.origin)
    this.focus()
    this.say("Put back")
    this.letGo()
    release()
  }

  letGo() {
    this.card.classList.remove("card--carried")
    this.card = null
    this.hintTarget.hidden = true
  }

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
