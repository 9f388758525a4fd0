// Fills the viewer's token into a form that came live, in HTML that is the same for everybody.
import { Controller } from "@hotwired/stimulus"
import { csrfToken } from "../lib/page.js"

export default class extends Controller {
  connect() { if (this.element.value === "") this.element.setAttribute("value", csrfToken()) }
}
