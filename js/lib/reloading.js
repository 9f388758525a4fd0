// A part of a page that is told that it is out of date is loaded anew from its address: one load after the other, the
// slower the longer they take, and none while nobody looks. What can't be had leaves what stands there.

const PAUSE_MS = 500

// Parts that are being loaded, and whether they are out of date again.
const loading = new Map()

Turbo.StreamActions.reload = function () { this.targetElements.forEach(reload) }

async function reload(part) {
  const underWay = loading.has(part)
  loading.set(part, true)
  if (underWay) return
  while (loading.get(part) && part.isConnected) {
    await seen()
    loading.set(part, false)
    const began = performance.now()
    await load(part)
    await pause(Math.max(PAUSE_MS, 3 * (performance.now() - began)))
  }
  loading.delete(part)
}

async function load(part) {
  try {
    const response = await fetch(part.dataset.address, { headers: { Accept: "text/html" } })
    if (!response.ok || response.redirected) return
    const loaded = new DOMParser().parseFromString(await response.text(), "text/html").getElementById(part.id)
    if (loaded && part.isConnected) Turbo.morphElements(part, document.importNode(loaded, true))
  } catch {
    // Whoever comes back is told again.
  }
}

async function seen() {
  while (document.visibilityState !== "visible") await new Promise(done => document.addEventListener("visibilitychange", done, { once: true }))
}

const pause = milliseconds => new Promise(done => setTimeout(done, milliseconds))
