// What a feed looks like to this viewer: headings of their days, and "You" for what they did.
// The server's lines are the same for everybody, so first render and live lines go the same way.
import { Controller } from "@hotwired/stimulus"
import { currentUserId, timeZone } from "../lib/page.js"

const DAY_MS = 86_400_000

export default class extends Controller {
  connect() {
    this.arrange()
    this.observer = new MutationObserver(() => this.arrange())
    this.observe()
  }

  disconnect() { this.observer.disconnect() }

  observe() { this.observer.observe(this.element, { childList: true }) }

  arrange() {
    this.observer?.disconnect()
    for (const heading of this.element.querySelectorAll(":scope > .day")) heading.remove()
    let day
    for (const line of this.element.querySelectorAll(":scope > .activity")) {
      this.nameViewer(line)
      const itsDay = this.dayOf(line)
      if (itsDay !== day && this.element.dataset.days !== undefined) line.before(this.heading(line))
      day = itsDay
    }
    if (this.observer) this.observe()
  }

  nameViewer(line) {
    for (const person of line.querySelectorAll("[data-person]")) {
      if (person.dataset.person !== currentUserId()) continue
      person.textContent = person.matches("p > :first-child") ? "You" : "you"
    }
  }

  dayOf(line) { return format(instant(line), { year: "numeric", month: "2-digit", day: "2-digit" }) }

  heading(line) {
    const at = instant(line)
    const item = document.createElement("li")
    item.className = "day"
    const name = document.createElement("h2")
    const date = document.createElement("span")
    name.textContent = this.name(line)
    date.textContent = format(at, { day: "numeric", month: "long", ...this.year(at) })
    item.append(name, date)
    return item
  }

  name(line) {
    const day = this.dayOf(line)
    const now = new Date()
    const same = then => format(then, { year: "numeric", month: "2-digit", day: "2-digit" }) === day
    if (same(now)) return "Today"
    if (same(new Date(now - DAY_MS))) return "Yesterday"
    return format(instant(line), { weekday: "long" })
  }

  year(at) { return at.getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" } }
}

const instant = line => new Date(line.querySelector("time").dateTime)
const format = (at, parts) => new Intl.DateTimeFormat("en-GB", { timeZone: timeZone(), ...parts }).format(at)
