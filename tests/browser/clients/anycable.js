// @anycable/web with @anycable/turbo-stream in the place of @hotwired/turbo-rails.
import "@hotwired/turbo"
import { start } from "@anycable/turbo-stream"
import { createCable } from "@anycable/web"

const cableOfPage = createCable({ protocol: "actioncable-v1-ext-json" })
start(cableOfPage)

// What was asked for and not yet answered when the connection broke is not asked for again (seen with
// @anycable/core 1.1.7), so an element that is still not connected a while later is put in again.
const A_WHILE_MS = 2_000
cableOfPage.on("connect", () => setTimeout(putInAgain, A_WHILE_MS))

function putInAgain() {
  for (const source of document.querySelectorAll("turbo-cable-stream-source:not([connected])")) {
    source.replaceWith(source.cloneNode())
  }
}

// The page's own watch over Action Cable's connection has nothing to watch.
export const cable = { getConsumer: () => new Promise(() => {}) }
