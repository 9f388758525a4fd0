// Says calmly whether this page changes by itself; a loss shorter than a few seconds is not worth a word.
import { Controller } from "@hotwired/stimulus"
import { connectionState } from "../lib/connection.js"

const PATIENCE_MS = 3_000
const WORDS = { "live": "Live", "catching-up": "Reconnecting" }

export default class extends Controller {
  connect() { this.update() }
  disconnect() { clearTimeout(this.timer) }

  update() {
    clearTimeout(this.timer)
    if (connectionState() === "live") return this.show("live")
    this.timer = setTimeout(() => this.show("catching-up"), PATIENCE_MS)
  }

  show(state) {
    this.element.hidden = false
    this.element.dataset.state = state
    if (this.element.textContent !== WORDS[state]) this.element.textContent = WORDS[state]
  }
}
