// Control (or Command) and Enter send the form one is writing in; once sent, its text is cleared.
import { Controller } from "@hotwired/stimulus"

export default class extends Controller {
  press(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.element.requestSubmit()
  }

  clear(event) { if (event.detail.success) this.element.reset() }
}
