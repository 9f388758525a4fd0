// Watches the one socket of the page, tells it to the page, and brings it back soon after a loss.
//
// Action Cable by itself waits six to twelve seconds. The first try here comes within half a second,
// later ones ever more slowly, each at a moment of chance so that a restart meets no herd.
import { cable } from "@hotwired/turbo-rails"

const FIRST_MS = 150
const SLOWEST_MS = 5_000

let state = "connecting"
let tries = 0
let timer

export const connectionState = () => state

export async function watchConnection() {
  const { connection } = await cable.getConsumer()
  const { monitor } = connection
  observe(monitor, "recordConnect", () => { tries = 0; clearTimeout(timer); tell("live") })
  observe(monitor, "recordDisconnect", () => {
    tell("away")
    if (!document.hidden || navigator.onLine) retry(connection)
  })
  addEventListener("online", () => { tries = 0; retry(connection) })
  if (connection.isOpen()) tell("live")
}

// Calls `after` each time the monitor notes something; the monitor itself stays as it is.
function observe(monitor, method, after) {
  const original = monitor[method].bind(monitor)
  monitor[method] = () => { original(); after() }
}

function retry(connection) {
  clearTimeout(timer)
  const longest = Math.min(FIRST_MS * 2 ** tries++, SLOWEST_MS)
  timer = setTimeout(() => {
    if (connection.isOpen() || !connection.monitor.isRunning()) return
    connection.open()
    retry(connection)
  }, longest * (1 + Math.random()))
}

function tell(next) {
  state = next
  document.dispatchEvent(new CustomEvent("connection:change", { detail: { state } }))
}
