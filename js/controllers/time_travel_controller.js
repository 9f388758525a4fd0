// Steps through the past of a board by its slider and the links beside it: the page is morphed, and its address kept.
import { Controller } from "@hotwired/stimulus"

const KEYS = { ArrowLeft: "previous", ArrowDown: "previous", ArrowRight: "next", ArrowUp: "next" }

export default class extends Controller {
  static targets = ["slider", "field", "previous", "next"]
  static values = { sequence: Number, time: String }

  // What somebody moved or typed stands until the page shows another time.
  sequenceValueChanged() {
    if (this.wanted) return
    this.sliderTarget.value = this.sequenceValue
    this.fieldTarget.value = this.timeValue
  }

  slide() {
    const url = new URL(this.sliderTarget.form.action)
    url.searchParams.set("at", this.sliderTarget.value)
    this.go(url)
  }

  // The arrows go to the change before or after, which may be many numbers away.
  press(event) {
    const link = KEYS[event.key]
    if (!link || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    if (this[`has${link === "next" ? "Next" : "Previous"}Target`] && !this.under) this.go(this[`${link}Target`].href)
  }

  step(event) {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    if (!this.under) this.go(event.currentTarget.href)
  }

  // One visit at a time; of what is asked for meanwhile the last counts.
  go(url) {
    if (this.under) {
      this.wanted = url
      return
    }
    this.under = true
    Turbo.visit(url, { action: "replace", refresh: { method: "morph", scroll: "preserve" } })
  }

  arrive() {
    const { wanted } = this
    this.under = this.wanted = undefined
    if (wanted) this.go(wanted)
  }
}
