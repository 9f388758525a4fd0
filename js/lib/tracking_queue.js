// What the browser reports waits in its storage, a key each, until the server has dealt with it: through closed tabs
// and nights offline. Ids make a second sending harmless, so tabs that share the storage need agree on nothing.
import { csrfToken, currentUserId, meta } from "./page.js"

const MOST_WAITING = 500
const MOST_AT_ONCE = 20
const MOST_BYTES = 15_000
const GATHER_MS = 500
const SLOWEST_MS = 60_000
const PREFIX = "tracking "

let store = {}
try { store = localStorage } catch { /* A browser that keeps nothing keeps it for as long as the page stands. */ }

let timer
let sending
let tries = 0
let clockOffset = 0

// Another person's reports, and those of another account, are not ours to send.
const prefix = () => PREFIX + currentUserId() + " "
const keys = () => Object.keys(store).filter(key => key.startsWith(prefix())).sort()
const drop = some => some.forEach(key => delete store[key])

const isWanted = () => meta("tracking-url") && !navigator.globalPrivacyControl

export function report(item) {
  if (!isWanted()) return drop(keys())
  const now = Date.now() + clockOffset
  const id = uuidv7(now)
  try { store[prefix() + id] = JSON.stringify({ id, occurred_at: new Date(now).toISOString(), ...item }) } catch { return }
  drop(keys().slice(0, -MOST_WAITING))
  later(GATHER_MS)
}

// Sends what waits at once, without a look at what comes of it, and keeps none of it.
export function forget() {
  send()
  drop(keys())
}

async function send() {
  const batch = first()
  if (sending || !isWanted() || batch.length === 0) return
  sending = true
  const wait = await post(batch.map(([, text]) => text)).catch(slower)
  sending = false
  if (!wait) {
    tries = 0
    drop(batch.map(([key]) => key))
  }
  later(wait || 0)
}

// As many as go into one request; another tab may have sent some meanwhile.
function first() {
  let bytes = 0
  const all = keys().slice(0, MOST_AT_ONCE).map(key => [key, store[key]])
  return all.filter(([, text]) => text && (bytes += text.length) < MOST_BYTES)
}

// How long to wait before the same is sent again; nothing when the server has dealt with it.
async function post(items) {
  const response = await fetch(meta("tracking-url"), {
    method: "POST",
    keepalive: true,
    // Whoever takes pages is led to the sign-in page, which looks like success.
    headers: { "Accept": "application/json", "Content-Type": "application/json", "X-CSRF-Token": csrfToken() },
    body: `{"tracking_events":[${items}]}`,
  })
  const { headers, ok, status } = response
  const offset = Date.parse(headers.get("Date")) - Date.now()
  clockOffset = Math.abs(offset) > 2_000 ? offset : 0
  if (ok || [400, 413, 422].includes(status)) return
  if (status === 403) await renewToken()
  return Math.max(slower(), headers.get("Retry-After") * 1_000 || 0)
}

// The token of the session as it is now; if that is somebody else's, everything waits for its own person.
async function renewToken() {
  const response = await fetch(location.href, { headers: { "X-Sec-Purpose": "prefetch" } })
  const { head } = new DOMParser().parseFromString(await response.text(), "text/html")
  const fresh = name => head.querySelector(`[name=${name}]`)?.content
  if (fresh("current-user-id") === currentUserId()) document.head.querySelector("[name=csrf-token]").content = fresh("csrf-token")
}

const slower = () => Math.min(1_000 * 2 ** tries++, SLOWEST_MS) * (0.5 + Math.random())

function later(milliseconds) {
  clearTimeout(timer)
  timer = setTimeout(alone, milliseconds)
}

// One tab at a time, where a browser can say so.
const alone = () => navigator.locks ? navigator.locks.request(PREFIX, send) : send()

// A UUID of version 7: 48 bits of milliseconds, the rest by chance.
function uuidv7(milliseconds) {
  const bytes = crypto.getRandomValues(new Uint8Array(10))
  bytes[0] = 0x70 | (bytes[0] & 0x0f)
  bytes[2] = 0x80 | (bytes[2] & 0x3f)
  const hex = milliseconds.toString(16).padStart(12, "0") + Array.from(bytes, byte => byte.toString(16).padStart(2, "0")).join("")
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")
}

// Whoever leaves may not come back: what waits goes out now.
document.addEventListener("visibilitychange", () => { if (document.hidden) send() })
addEventListener("online", alone)
later(GATHER_MS)
