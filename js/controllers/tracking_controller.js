// Reports what is read and used: a page seen, a link followed, a form sent.
import { Controller } from "@hotwired/stimulus"
import { report } from "../lib/tracking_queue.js"

// The page that was counted last; kept beside the controllers, since Turbo makes new ones on each visit.
let counted

export default class extends Controller {
  static values = { eventType: String, trackableType: String, trackableId: String }

  connect() {
    if (this.eventTypeValue !== "page_view") return
    this.view = this.view.bind(this)
    document.addEventListener("turbo:load", this.view)
    addEventListener("pageshow", this.view)
  }

  disconnect() {
    document.removeEventListener("turbo:load", this.view)
    removeEventListener("pageshow", this.view)
  }

  // A live refresh and a preview from the cache are no views; a return from the browser's own cache is one.
  view(event) {
    if (event.type === "pageshow" && !event.persisted) return
    const page = location.pathname + location.search
    if (event.type === "turbo:load" && page === counted) return
    counted = page
    this.track()
  }

  track() {
    const item = { event_type: this.eventTypeValue, url: location.href }
    if (this.trackableTypeValue && this.trackableIdValue) {
      item.trackable_type = this.trackableTypeValue
      item.trackable_id = this.trackableIdValue
    }
    report(item)
  }
}
