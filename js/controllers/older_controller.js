// The link to an older page: when it comes into view its lines are put below those that stand there already.
import { Controller } from "@hotwired/stimulus"

export default class extends Controller {
  static values = { list: String }

  connect() {
    this.observer = new IntersectionObserver(entries => entries.some(entry => entry.isIntersecting) && this.load(), { rootMargin: "600px" })
    this.observer.observe(this.element)
  }

  disconnect() { this.observer.disconnect() }

  // A page that can't be had leaves the link, which can be followed.
  async load() {
    this.observer.disconnect()
    this.element.setAttribute("aria-busy", "true")
    const page = await this.fetch()
    this.element.removeAttribute("aria-busy")
    if (page && this.element.isConnected) this.join(page)
  }

  async fetch() {
    try {
      const response = await fetch(this.element.href, { headers: { Accept: "text/html" } })
      if (!response.ok || response.redirected) return null
      return new DOMParser().parseFromString(await response.text(), "text/html")
    } catch {
      return null
    }
  }

  join(page) {
    const list = document.querySelector(this.listValue)
    const next = page.querySelector(`[data-controller~="older"]`)
    // From here on it is longer than a fresh page: live lines push none out, and a morph leaves these.
    delete list.dataset.newest
    for (const line of page.querySelectorAll(`${this.listValue} > *`)) {
      if (document.getElementById(line.id)) continue
      line.dataset.older = ""
      list.append(document.importNode(line, true))
    }
    if (next) this.element.replaceWith(document.importNode(next, true))
    else this.element.remove()
  }
}
