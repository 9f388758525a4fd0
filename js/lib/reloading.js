// A part of a page that is told that it is out of date loads itself anew: one load after the other, the slower the
// longer they take, and none while nobody looks. What can't be had leaves what stands there.
import { Turbo } from "@hotwired/turbo-rails"

const PAUSE_MS = 500

// Frames that are being loaded, and whether they are out of date again.
const loading = new Map()

Turbo.StreamActions.reload = function () { this.targetElements.forEach(reload) }

addEventListener("turbo:frame-missing", event => loading.has(event.target) && event.preventDefault())

async function reload(frame) {
  const underWay = loading.has(frame)
  loading.set(frame, true)
  if (underWay) return
  while (loading.get(frame) && frame.isConnected) {
    await seen()
    loading.set(frame, false)
    const began = performance.now()
    await frame.reload()?.catch(() => {})
    await pause(Math.max(PAUSE_MS, 3 * (performance.now() - began)))
  }
  loading.delete(frame)
}

async function seen() {
  while (document.visibilityState !== "visible") await new Promise(done => document.addEventListener("visibilitychange", done, { once: true }))
}

const pause = milliseconds => new Promise(done => setTimeout(done, milliseconds))
