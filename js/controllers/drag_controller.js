// Cards are dragged between columns by hand; the server is told on drop.
import { Controller } from "@hotwired/stimulus"
import Sortable from "sortablejs"
import { hold, placeOf, release, sendMove } from "../lib/moves.js"

export default class extends Controller {
  static targets = ["list"]

  initialize() { this.sortables = new Map() }

  listTargetConnected(list) {
    this.sortables.set(list, Sortable.create(list, {
      group: "cards",
      draggable: ".card",
      animation: this.still ? 0 : 160,
      delay: 180,
      delayOnTouchOnly: true,
      ghostClass: "card--ghost",
      chosenClass: "card--chosen",
      dragClass: "card--held",
      emptyInsertThreshold: 24,
      onStart: ({ item }) => this.start(item),
      onChange: ({ item }) => this.wear(item),
      onEnd: ({ item }) => this.end(item),
    }))
  }

  listTargetDisconnected(list) {
    this.sortables.get(list)?.destroy()
    this.sortables.delete(list)
  }

  start(card) {
    this.origin = placeOf(card)
    hold()
  }

  // The place it would take wears the colour of its column.
  wear(card) {
    for (const list of this.listTargets) list.closest(".column").classList.toggle("column--target", list.contains(card))
  }

  async end(card) {
    for (const list of this.listTargets) list.closest(".column").classList.remove("column--target")
    this.tidy()
    const { list, next } = this.origin
    if (card.parentElement !== list || card.nextElementSibling !== next) await sendMove(card, this.origin)
    await release()
  }

  // Sortable leaves empty attributes behind; a page that was dragged on equals a fresh one.
  tidy() {
    for (const card of this.element.querySelectorAll(".card")) {
      if (card.getAttribute("style") === "") card.removeAttribute("style")
      card.removeAttribute("draggable")
    }
  }

  get still() { return matchMedia("(prefers-reduced-motion: reduce)").matches }
}
