// Fetches its frame anew now and then, while somebody looks at the page.
import { Controller } from "@hotwired/stimulus"

export default class extends Controller {
  static values = { address: String, seconds: Number }

  connect() {
    this.timer = setInterval(() => this.fetch(), this.secondsValue * 1_000)
  }

  disconnect() {
    clearInterval(this.timer)
  }

  fetch() {
    if (document.hidden) return
    if (this.element.src) this.element.reload()
    else this.element.src = this.addressValue
  }
}
