// Writing card after card: N or the button opens the field, Enter adds, Esc leaves.
import { Controller } from "@hotwired/stimulus"

export default class extends Controller {
  static targets = ["field"]

  // The details element was opened or closed.
  toggle() { if (this.element.open) this.fieldTarget.focus() }

  press(event) {
    if (event.key === "Escape") return this.leave()
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return
    event.preventDefault()
    if (this.fieldTarget.value.trim() !== "") this.fieldTarget.form.requestSubmit()
  }

  // Ready for the next one once the server has said yes.
  next(event) {
    if (!event.detail.success) return
    this.fieldTarget.value = ""
    this.fieldTarget.focus()
  }

  leave() {
    this.element.open = false
    this.element.querySelector("summary").focus()
  }
}
