// What the sockets of a page said last, to explain why a page differs from a fresh one.

const KEPT = 80
const LONGEST = 400

// Begins to write it down; what is given says what stands there.
export function record(page) {
  const lines = []
  const note = (what) => {
    lines.push(`${new Date().toISOString().slice(14, 23)} ${what}`)
    if (lines.length > KEPT) lines.shift()
  }
  page.on("websocket", (socket) => {
    note("opened")
    socket.on("close", () => note("closed"))
    socket.on("framesent", ({ payload }) => note(`> ${legible(payload)}`))
    socket.on("framereceived", ({ payload }) => isPing(payload) || note(`< ${legible(payload)}`))
  })
  return () => lines.join("\n")
}

const isPing = (payload) => `${payload}`.startsWith('{"type":"ping"')

// Signed names as what was signed.
function legible(payload) {
  const read = (_, name) => Buffer.from(name, "base64").toString()
  return `${payload}`.replace(/\b([A-Za-z0-9+/]{20,}=*)--[0-9a-f]{64}/g, read).slice(0, LONGEST)
}
