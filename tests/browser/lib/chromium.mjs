// A Chromium to drive: the installed one, else the one from npm; a machine with neither fails.

import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { chromium } from "playwright-core"

const INSTALLED = ["chromium", "chromium-browser", "google-chrome"]

// Where the one from npm is unpacked; it goes with the packages when their versions change.
const UNPACKED = fileURLToPath(new URL("../node_modules/.chromium", import.meta.url))

// A private machine's browser asks nobody for updates, and as root it runs without its own sandbox.
const FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"]

export async function launch() {
  return chromium.launch({ ...installed() ?? await fetched(), args: FLAGS, headless: true })
}

function installed() {
  const folders = (process.env.PATH ?? "").split(":")
  for (const name of INSTALLED) {
    const folder = folders.find((folder) => existsSync(join(folder, name)))
    if (folder) return { executablePath: join(folder, name) }
  }
  return null
}

// The package's own flags are for a cloud's sandbox: one process, which some missing glyph ends, and
// pages that may do what no browser allows. Of the package we take the files alone.
async function fetched() {
  if (!existsSync(UNPACKED)) await unpack()
  return {
    executablePath: join(UNPACKED, "chromium"),
    env: { ...process.env, LD_LIBRARY_PATH: join(UNPACKED, "al2023/lib"), FONTCONFIG_FILE: join(UNPACKED, "fonts.conf") },
  }
}

// It unpacks into the temporary folder, and takes what lies there for whole. So each journey that
// finds none unpacks into a folder of its own, and the first that has done gives it the name.
async function unpack() {
  const draft = mkdtempSync(`${UNPACKED}-`)
  const { TMPDIR, AWS_LAMBDA_JS_RUNTIME } = process.env
  Object.assign(process.env, { TMPDIR: draft, AWS_LAMBDA_JS_RUNTIME: "nodejs20.x" })
  const { default: packaged } = await import("@sparticuz/chromium")
  await packaged.executablePath()
  restore({ TMPDIR, AWS_LAMBDA_JS_RUNTIME })
  writeFileSync(join(draft, "fonts.conf"), fonts())
  try {
    renameSync(draft, UNPACKED)
  } catch (error) {
    rmSync(draft, { recursive: true })
    if (!existsSync(UNPACKED)) throw error
  }
}

function restore(variables) {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
}

// Letters for a machine that has none, beside those it has.
function fonts() {
  const folders = [join(UNPACKED, "fonts"), "/usr/share/fonts"].map((folder) => `<dir>${folder}</dir>`)
  return `<fontconfig>${folders.join("")}<cachedir>${join(UNPACKED, "fonts-cache")}</cachedir></fontconfig>`
}
