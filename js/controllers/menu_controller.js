// A <details> that is a menu: it closes when one presses elsewhere or Escape.
import { Controller } from "@hotwired/stimulus"

export default class extends Controller {
  closeOutside({ target }) { if (!this.element.contains(target)) this.close() }

  escape() {
    if (!this.element.open) return
    this.close()
    this.element.querySelector("summary").focus()
  }

  close() { this.element.open = false }
}
