// The mark on what has changed since its viewer had it open. The server's mark is the same for everybody; who has
// seen what themselves stands in the head of their page, and what was opened since in this tab is noted here.
import { Controller } from "@hotwired/stimulus"
import { currentUserId, meta } from "../lib/page.js"

const opened = new Map()
let text
let own = {}

export default class extends Controller {
  static values = { thing: String, sequence: Number, by: String, open: Boolean }

  connect() { this.compare() }
  sequenceValueChanged() { this.compare() }

  compare() {
    if (this.openValue) opened.set(this.thingValue, Math.max(this.sequenceValue, opened.get(this.thingValue) ?? 0))
    else this.element.hidden = this.byValue === currentUserId() || this.sequenceValue <= this.known
  }

  get known() {
    const { since, seen } = receipts()
    return Math.max(seen?.[this.thingValue] ?? since ?? Infinity, opened.get(this.thingValue) ?? 0)
  }
}

function receipts() {
  const now = meta("receipts")
  if (now !== text) own = JSON.parse(now || "{}")
  text = now
  return own
}
