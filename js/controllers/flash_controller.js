// A line of answer goes by itself once it has been read; it stays while it is pointed at.
import { Controller } from "@hotwired/stimulus"

export default class extends Controller {
  connect() { this.timer = setInterval(() => this.leave(), 7_000) }
  disconnect() { clearInterval(this.timer) }
  leave() { if (!this.element.matches(":hover, :focus-within")) this.element.remove() }
}
