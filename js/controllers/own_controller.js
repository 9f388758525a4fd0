// Shown to the author of something and to admins alone; the server asks again.
import { Controller } from "@hotwired/stimulus"
import { currentUserId, meta } from "../lib/page.js"

export default class extends Controller {
  static values = { author: String }

  connect() {
    this.element.hidden = this.authorValue !== currentUserId() && meta("current-user-administers") !== "true"
  }
}
