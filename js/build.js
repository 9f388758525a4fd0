// Bundles the pages' JavaScript and CSS and writes the shapes of the icons; run by src/build.rs.
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { build } from "esbuild"

const [output] = process.argv.slice(2)
const here = import.meta.dirname

await build({
  entryPoints: {
    "application": join(here, "application.js"),
    "application-style": join(here, "../assets/css/index.css"),
  },
  outdir: output,
  bundle: true,
  minify: true,
  format: "esm",
  legalComments: "none",
  logLevel: "warning",
})

const nodes = JSON.parse(await readFile(join(here, "node_modules/lucide-static/icon-nodes.json"), "utf8"))
const names = Object.keys(nodes).sort()
const lines = names.map(name => `    (${JSON.stringify(name)}, r##"${shapes(nodes[name])}"##),`)
await writeFile(join(output, "icons.rs"), `&[\n${lines.join("\n")}\n]\n`)

function shapes(children) {
  return children.map(([element, attributes]) => {
    const written = Object.entries(attributes).filter(([key]) => key !== "key").map(([key, value]) => ` ${key}="${value}"`)
    return `<${element}${written.join("")}/>`
  }).join("")
}
