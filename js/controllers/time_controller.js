// A time as people say it ("5 minutes ago"), kept true while the page is open; the full date stays in the title.
// Ours rather than an element with a shadow tree: what stands there can be read, copied and found.
import { Controller } from "@hotwired/stimulus"
import { timeZone } from "../lib/page.js"

const DAY = 86_400
const UNITS = [["minute", 60], ["hour", 3_600]]
const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto" })

export default class extends Controller {
  connect() {
    this.tick()
    // A morph writes the server's words again, or those of another time.
    this.observer = new MutationObserver(() => this.tick())
    this.observer.observe(this.element, { childList: true, characterData: true, subtree: true, attributeFilter: ["datetime", "title"] })
  }

  disconnect() {
    clearTimeout(this.timer)
    this.observer?.disconnect()
  }

  tick() {
    clearTimeout(this.timer)
    this.at = new Date(this.element.dateTime)
    if (this.element.title !== this.full) this.element.title = this.full
    const seconds = Math.max(0, (Date.now() - this.at) / 1000)
    const words = this.words(seconds)
    if (this.element.textContent !== words) this.element.textContent = words
    if (seconds < DAY * 7) this.timer = setTimeout(() => this.tick(), this.pause(seconds) * 1000)
  }

  words(seconds) {
    if (seconds < 45) return "just now"
    if (seconds >= DAY * 7) return this.date
    if (seconds >= DAY) return RELATIVE.format(-this.daysAgo, "day")
    const [unit, length] = UNITS.findLast(([, length]) => seconds >= length) ?? UNITS[0]
    return RELATIVE.format(-Math.max(1, Math.floor(seconds / length)), unit)
  }

  pause(seconds) { return seconds < 3_600 ? 15 : 600 }

  // Days of the viewer's calendar, so that "yesterday" is yesterday.
  get daysAgo() { return (this.dayOf(new Date()) - this.dayOf(this.at)) / (DAY * 1000) }

  dayOf(at) { return Date.parse(new Intl.DateTimeFormat("sv-SE", { timeZone: timeZone() }).format(at)) }

  get date() { return this.format({ day: "numeric", month: "long", year: "numeric" }) }
  get full() { return this.format({ dateStyle: "full", timeStyle: "long" }) }

  format(parts) { return new Intl.DateTimeFormat("en-GB", { timeZone: timeZone(), ...parts }).format(this.at) }
}
