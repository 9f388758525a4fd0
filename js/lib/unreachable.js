// A request that meets a dead line leaves the page where it is: what stands on it is worth more than
// a browser's own page of error, and it comes back to life with its socket.
import { flash } from "./page.js"

const WORDS = "Cairn can’t be reached. Try again in a moment."

addEventListener("turbo:fetch-request-error", (event) => {
  const { request } = event.detail
  const visit = Turbo.navigator.currentVisit
  if (visit?.request === request) {
    if (isOnAnotherPage(visit)) return
    event.preventDefault()
    stay(visit)
    // Nobody asked for it, and it is asked for again when the line is back.
    if ("method" in visit.refresh) return
  }
  if (!isPrefetch(request)) flash(WORDS)
})

// The address, or a preview, already belongs to the page that could not be fetched.
function isOnAnotherPage(visit) {
  return visit.action === "restore" || document.documentElement.hasAttribute("data-turbo-preview")
}

function stay(visit) {
  Turbo.navigator.stop()
  Turbo.session.adapter.visitFailed(visit)
  document.documentElement.removeAttribute("aria-busy")
}

function isPrefetch(request) {
  return request.headers["X-Sec-Purpose"] === "prefetch"
}
