// Tells the server up to where the feed was read; when it does not arrive, the mark stands a little low next time.
import { csrfToken } from "./page.js"

export function noteReading(url, sequence) {
  fetch(url, {
    method: "POST",
    body: new URLSearchParams({ sequence }),
    headers: { "X-CSRF-Token": csrfToken() },
    keepalive: true,
  }).catch(() => {})
}
