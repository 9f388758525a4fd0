// Who has seen what the page shows since it last changed: sorted anew when something happens, or somebody looks.
// Whoever has the page before them when something happens has seen it as well, and says so: after a moment, since
// many may look at once, and when they leave.
import { Controller } from "@hotwired/stimulus"
import { currentUserId } from "../lib/page.js"
import { noteReading } from "../lib/reading.js"

const LEAST_MS = 500
const MOST_MS = 2_500

export default class extends Controller {
  static targets = ["seen", "unseen", "news"]
  static values = { url: String }

  // What stood there when the page was opened, the view of the page tells of.
  connect() {
    this.said = newest().sequence
    this.page = document.body.dataset
  }

  disconnect() {
    this.say()
  }

  seenTargetConnected() { this.arrange() }

  // What is told of some people, it is told of no others.
  newsTargetConnected(news) {
    for (const { dataset: { user, sequence } } of [...news.children]) {
      const person = this.element.querySelector(`.person[data-user="${user}"]`)
      if (person) person.dataset.sequence = sequence
    }
    news.remove()
    this.arrange()
  }

  arrange() {
    const { sequence, creator } = newest()
    for (const person of [...this.element.querySelectorAll(".person")].sort(byName)) {
      const has = Number(person.dataset.sequence) >= sequence || [creator, currentUserId()].includes(person.dataset.user)
      const list = has ? this.seenTarget : this.unseenTarget
      list.append(person)
    }
    this.look()
  }

  look() {
    if (document.visibilityState !== "visible") return this.say()
    if (document.documentElement.hasAttribute("data-turbo-preview")) return
    const { sequence, creator } = newest()
    if (creator !== currentUserId()) this.looked = sequence
    if (this.looked > this.said) this.timer ??= setTimeout(() => this.say(), LEAST_MS + Math.random() * (MOST_MS - LEAST_MS))
  }

  say() {
    clearTimeout(this.timer)
    this.timer = undefined
    if (!(this.looked > this.said) || !this.urlValue || navigator.globalPrivacyControl) return
    this.said = this.looked
    const { trackingTrackableTypeValue, trackingTrackableIdValue } = this.page
    noteReading(this.urlValue, { trackable_type: trackingTrackableTypeValue, trackable_id: trackingTrackableIdValue, sequence: this.said })
  }
}

// The newest line of the page’s feed.
function newest() {
  const { sequence, creator } = document.querySelector("#activities > .activity")?.dataset ?? {}
  return { sequence: Number(sequence ?? 0), creator }
}

const name = person => person.querySelector(".clip").textContent
const byName = (one, other) => name(one).localeCompare(name(other))
