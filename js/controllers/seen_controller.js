// Who has seen what the page shows since it last changed: sorted anew when a line of the feed says that it has.
import { Controller } from "@hotwired/stimulus"

export default class extends Controller {
  static targets = ["seen", "unseen"]

  arrange({ detail: { sequence, creator } }) {
    for (const person of this.element.querySelectorAll("[data-user]")) {
      const has = Number(person.dataset.sequence) >= sequence || person.dataset.user === creator
      const list = has ? this.seenTarget : this.unseenTarget
      if (person.parentElement !== list) list.append(person)
    }
  }
}
