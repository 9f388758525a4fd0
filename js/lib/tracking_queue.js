// What the browser reports waits here until the server has it; kept in memory only.
import { csrfToken, meta } from "./page.js"

const MOST_WAITING = 100
const MOST_AT_ONCE = 20
const DROPPED = new Set([400, 413, 422])
const SLOWEST_MS = 60_000

let waiting = []
let sending = false
let tries = 0
let clockOffset = 0

export const now = () => Date.now() + clockOffset

export function report(item) {
  waiting = [...waiting, { id: uuidv7(now()), occurred_at: new Date(now()).toISOString(), ...item }].slice(-MOST_WAITING)
  send()
}

async function send() {
  const url = meta("tracking-url")
  if (sending || waiting.length === 0 || !url) return
  sending = true
  const items = waiting.slice(0, MOST_AT_ONCE)
  const done = await post(url, items)
  sending = false
  if (done) {
    tries = 0
    waiting = waiting.filter(item => !items.includes(item))
    send()
  } else {
    setTimeout(send, Math.min(1_000 * 2 ** tries++, SLOWEST_MS) * (0.5 + Math.random()))
  }
}

// Whether the server has dealt with the items: stored them, or will never take them.
async function post(url, items) {
  const body = items.length === 1 ? { tracking_event: items[0] } : { tracking_events: items }
  try {
    const response = await fetch(url, {
      method: "POST",
      keepalive: true,
      headers: { "Content-Type": "application/json", "X-CSRF-Token": csrfToken() },
      body: JSON.stringify(body),
    })
    correctClock(response.headers.get("Date"))
    return response.ok || DROPPED.has(response.status)
  } catch {
    return false
  }
}

function correctClock(date) {
  const offset = Date.parse(date ?? "") - Date.now()
  if (Number.isFinite(offset)) clockOffset = Math.abs(offset) > 60_000 ? offset : 0
}

// A UUID of version 7: 48 bits of milliseconds, the rest by chance.
export function uuidv7(milliseconds) {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  new DataView(bytes.buffer).setUint32(0, Math.floor(milliseconds / 65_536))
  new DataView(bytes.buffer).setUint16(4, milliseconds % 65_536)
  bytes[6] = 0x70 | (bytes[6] & 0x0f)
  bytes[8] = 0x80 | (bytes[8] & 0x3f)
  const hex = Array.from(bytes, byte => byte.toString(16).padStart(2, "0")).join("")
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")
}
