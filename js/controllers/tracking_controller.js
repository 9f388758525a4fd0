// Reports what is read and used: a page opened, a link followed, a form sent. What is typed is never looked at.
import { Controller } from "@hotwired/stimulus"
import { forget, report } from "../lib/tracking_queue.js"

const TYPES = { "click": "link_click", "submit": "form_submit", "turbo:submit-start": "form_submit" }

// The page that was counted last, and the visit that is under way.
let counted
let visit
let told

export default class extends Controller {
  static values = { eventType: String, trackableType: String, trackableId: String }

  // Once, for all pages that Turbo will show: whoever listens on each page counts twice.
  static afterLoad() {
    addEventListener("turbo:visit", () => { visit = Turbo.navigator.currentVisit })
    addEventListener("turbo:load", loaded)
    addEventListener("pageshow", ({ persisted }) => { if (persisted) view() })
    for (const type in TYPES) addEventListener(type, pressed, true)
  }

  // For what is declared with an action of its own; an event is reported once all the same.
  track(event) { tell(this.element, event) }

  // Whoever signs out leaves nothing behind.
  forget() { forget() }
}

// Turbo says that it sends a form once whoever was asked whether they are sure has said so.
function pressed(event) {
  const { target, type } = event
  if (type === "submit" && !target.closest("[data-turbo=false]")) return
  // What is declared is a link, or something with links in it.
  const from = type === "click" ? target.closest?.("a") : target
  tell(from?.closest(`[data-tracking-event-type-value=${TYPES[type]}]`), event)
}

// A page that loads itself anew because something happened is no view, nor is one's way back within a page. A form
// that leads to where it stood is one.
function loaded() {
  if (visit && ("method" in visit.refresh || visit.action === "restore" && page() === counted)) return
  if (document.prerendering) document.addEventListener("prerenderingchange", view, { once: true })
  else view()
}

function view() {
  counted = page()
  tell(document.body)
}

function tell(element, event) {
  const { trackingEventTypeValue, trackingTrackableTypeValue, trackingTrackableIdValue } = element?.dataset ?? {}
  if (!trackingEventTypeValue || event && event === told) return
  told = event
  report({
    event_type: trackingEventTypeValue,
    trackable_type: trackingTrackableTypeValue,
    trackable_id: trackingTrackableIdValue,
    url: page("").slice(0, 2_000),
  })
}

// The page without what somebody searched for, or with it.
const page = (search = location.search) => location.origin + location.pathname + search
