// The Hotwire clients that Cairn's pages are tried with: each bundles the page's own script with
// another package in the place of @hotwired/turbo-rails, and changes nothing in that package.

import { createRequire } from "node:module"
import { fileURLToPath } from "node:url"

const PAGES = fileURLToPath(new URL("../../../js/", import.meta.url))
const { build } = createRequire(`${PAGES}package.json`)("esbuild")

// As shipped: the server's own bundle.
const turboRails = { name: "turbo-rails" }

const anycable = { name: "anycable", stands: "anycable.js" }

const socket = {
  name: "turbo-stream-source over a socket",
  stands: "socket.js",
  retag: (html, address) => retag(html, `${address.replace("http", "ws")}/live`),
}

const events = {
  name: "turbo-stream-source over server-sent events",
  stands: "events.js",
  retag: (html, address) => retag(html, `${address}/live/sse`),
}

const CLIENTS = [turboRails, anycable, socket, events]

// Those clients, ready to be handed to browsers.
export async function clients() {
  return Promise.all(CLIENTS.map(async (client) => ({ ...client, script: await bundle(client) })))
}

async function bundle({ stands }) {
  if (!stands) return null
  const { outputFiles } = await build({
    entryPoints: [`${PAGES}application.js`],
    alias: { "@hotwired/turbo-rails": fileURLToPath(new URL(stands, import.meta.url)) },
    bundle: true,
    format: "esm",
    write: false,
    logLevel: "warning",
  })
  return outputFiles[0].text
}

// One native source for all streams of the page, in the place of the tags for Action Cable. Turbo takes
// no notice when its `src` changes, so each rendering has another id: then a morph puts in the new one.
function retag(html, at) {
  const names = []
  const rest = html.replace(TAG, (_, name) => {
    names.push(name)
    return ""
  })
  if (names.length === 0) return html
  const query = names.map((name) => `s=${encodeURIComponent(name)}`).join("&amp;")
  const source = `<turbo-stream-source id="live_${names[0].slice(-16)}" src="${at}?${query}"></turbo-stream-source>`
  return rest.replace("</body>", `${source}</body>`)
}

const TAG = /<turbo-cable-stream-source[^>]*signed-stream-name="([^"]*)"[^>]*><\/turbo-cable-stream-source>/g
