// Who has seen what the page shows since it last changed: sorted anew when a line of the feed says that it has.
import { Controller } from "@hotwired/stimulus"
import { currentUserId } from "../lib/page.js"

export default class extends Controller {
  static targets = ["seen", "unseen"]

  arrange({ detail: { sequence, creator } }) {
    for (const person of this.element.querySelectorAll("[data-user]")) {
      const has = Number(person.dataset.sequence) >= sequence || [creator, currentUserId()].includes(person.dataset.user)
      const list = has ? this.seenTarget : this.unseenTarget
      if (person.parentElement !== list) list.append(person)
    }
  }
}
