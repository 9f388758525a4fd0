// A menu in a details element closes by Escape and when somebody clicks elsewhere.
import { Controller } from "@hotwired/stimulus"

export default class extends Controller {
  close(event) {
    if (!this.element.open) return
    event.stopPropagation()
    this.element.open = false
    this.element.querySelector("summary").focus()
  }

  leave({ target }) { if (!this.element.contains(target)) this.element.open = false }
}
