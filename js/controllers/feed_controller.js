// What a feed looks like to this viewer: headings of their days, "You" for what they did, small changes in a row as
// one line that opens, and the mark of their last visit. The server's lines are the same for everybody, so first
// render, live lines and older ones go the same way.
import { Controller } from "@hotwired/stimulus"
import { currentUserId, timeZone } from "../lib/page.js"
import { fold, unfold } from "../lib/folds.js"
import { noteReading } from "../lib/reading.js"

const DAY_MS = 86_400_000

export default class extends Controller {
  static values = { readingUrl: String, seen: Number }

  connect() {
    this.seen = this.hasSeenValue ? this.seenValue : undefined
    this.opened = new Set()
    this.again = () => this.arrange()
    this.observer = new MutationObserver(this.again)
    document.addEventListener("turbo:morph", this.again)
    this.arrange()
    this.read = () => this.noteReading()
    document.addEventListener("visibilitychange", this.read)
    this.read()
  }

  disconnect() {
    this.observer.disconnect()
    document.removeEventListener("turbo:morph", this.again)
    document.removeEventListener("visibilitychange", this.read)
    this.noteReading()
  }

  arrange() {
    this.observer.disconnect()
    this.clear()
    const lines = this.inOrder()
    lines.forEach(line => this.nameViewer(line))
    if (this.element.dataset.days !== undefined) this.putHeadings(lines)
    this.putMark(lines)
    fold(lines, this.opened)
    if (lines[0]) this.dispatch("arranged", { detail: { sequence: sequence(lines[0]), creator: lines[0].dataset.creator } })
    this.observer.observe(this.element, { childList: true })
  }

  // What stands there besides lines was put there by this controller.
  clear() {
    for (const item of this.element.querySelectorAll(":scope > .day, :scope > .since")) item.remove()
    for (const line of this.lines) unfold(line)
  }

  // Lines of several streams may come in another order than they happened in.
  inOrder() {
    const lines = this.lines
    const sorted = lines.toSorted((one, other) => sequence(other) - sequence(one))
    if (sorted.some((line, at) => line !== lines[at])) this.element.append(...sorted)
    return sorted
  }

  nameViewer(line) {
    for (const person of line.querySelectorAll("[data-person]")) {
      if (person.dataset.person !== currentUserId()) continue
      person.textContent = person.matches("p > :first-child") ? "You" : "you"
    }
  }

  putHeadings(lines) {
    let day
    for (const line of lines) {
      const itsDay = dayOf(instant(line))
      if (itsDay !== day) line.before(this.heading(line))
      day = itsDay
    }
  }

  heading(line) {
    const at = instant(line)
    const item = document.createElement("li")
    item.className = "day"
    const name = document.createElement("h2")
    const date = document.createElement("span")
    name.textContent = nameOfDay(at)
    date.textContent = format(at, { day: "numeric", month: "long", ...year(at) })
    item.append(name, date)
    return item
  }

  // Above the first line that was there at the last visit, if anything came since.
  putMark(lines) {
    if (this.seen === undefined) return
    const at = lines.findIndex(line => sequence(line) <= this.seen)
    if (at < 1) return
    const mark = document.createElement("li")
    mark.className = "since"
    mark.id = "since"
    const words = document.createElement("span")
    words.textContent = "New since you were here"
    mark.append(words)
    lines[at].before(mark)
  }

  // The newest line that was on a screen somebody looked at.
  noteReading() {
    if (!this.readingUrlValue || document.visibilityState !== "visible" || document.documentElement.hasAttribute("data-turbo-preview")) return
    const newest = Math.max(0, ...this.lines.map(sequence))
    if (newest > (this.noted ?? this.seen ?? 0)) noteReading(this.readingUrlValue, { sequence: newest })
    this.noted = Math.max(newest, this.noted ?? 0)
  }

  toggleFold({ currentTarget, params: { group } }) {
    if (!this.opened.delete(group)) this.opened.add(group)
    this.arrange()
    document.getElementById(currentTarget.id)?.focus()
  }

  get lines() { return [...this.element.querySelectorAll(":scope > .activity")] }
}

const sequence = line => Number(line.dataset.sequence)
const instant = line => new Date(line.querySelector("time").dateTime)
const format = (at, parts) => new Intl.DateTimeFormat("en-GB", { timeZone: timeZone(), ...parts }).format(at)
const dayOf = at => format(at, { year: "numeric", month: "2-digit", day: "2-digit" })
const year = at => at.getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" }

function nameOfDay(at) {
  const now = new Date()
  if (dayOf(at) === dayOf(now)) return "Today"
  if (dayOf(at) === dayOf(new Date(now - DAY_MS))) return "Yesterday"
  return format(at, { weekday: "long" })
}
