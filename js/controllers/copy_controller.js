// Copies a text, where the browser lets a page do so.
import { Controller } from "@hotwired/stimulus"

export default class extends Controller {
  static targets = ["text", "button"]

  connect() { this.buttonTarget.hidden = !navigator.clipboard }

  async copy() {
    await navigator.clipboard.writeText(this.textTarget.textContent)
    this.buttonTarget.lastChild.textContent = "Copied"
  }
}
