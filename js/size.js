// Prints how many bytes of gzip the tracking client is, both files together as a page loads them.
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { build } from "esbuild"

const { outputFiles: [client] } = await build({
  entryPoints: [join(import.meta.dirname, "controllers/tracking_controller.js")],
  bundle: true,
  minify: true,
  format: "esm",
  write: false,
  external: ["@hotwired/stimulus", "*/page.js"],
})
console.log(gzipSync(client.contents, { level: 9 }).length)
