// Turbo alone, whose <turbo-stream-source> opens a socket. It never comes back by itself, so a source
// whose socket has closed is put in again.
import "@hotwired/turbo"

const SOON_MS = 250
const SLOWEST_MS = 4_000

let tries = 0

new MutationObserver(watchNew).observe(document, { childList: true, subtree: true })
customElements.whenDefined("turbo-stream-source").then(watchNew)

function watchNew() {
  for (const source of document.querySelectorAll("turbo-stream-source")) watch(source)
}

const watched = new WeakSet()

function watch({ streamSource }) {
  if (!streamSource || watched.has(streamSource)) return
  watched.add(streamSource)
  streamSource.addEventListener("open", () => { tries = 0 })
  streamSource.addEventListener("close", () => setTimeout(putInAgain, pause(), streamSource))
}

function pause() {
  return Math.min(SOON_MS * 2 ** tries++, SLOWEST_MS)
}

// If the element is still there and has no other socket by now.
function putInAgain(closed) {
  for (const source of document.querySelectorAll("turbo-stream-source")) {
    if (source.streamSource === closed) source.replaceWith(source.cloneNode())
  }
}

// The page's own watch over Action Cable's connection has nothing to watch.
export const cable = { getConsumer: () => new Promise(() => {}) }
