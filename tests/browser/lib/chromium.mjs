// A Chromium to drive: the installed one, else the one from npm; a machine with neither fails.

import { existsSync, mkdirSync } from "node:fs"
import { join } from "node:path"
import { chromium } from "playwright-core"

const INSTALLED = ["chromium", "chromium-browser", "google-chrome"]

// A private machine's browser asks nobody for updates, and as root it runs without its own sandbox.
const FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"]

export async function launch() {
  const { executablePath, args } = installed() ?? await fetched()
  return chromium.launch({ executablePath, args, headless: true })
}

function installed() {
  const folders = (process.env.PATH ?? "").split(":")
  for (const name of INSTALLED) {
    const folder = folders.find((folder) => existsSync(join(folder, name)))
    if (folder) return { executablePath: join(folder, name), args: FLAGS }
  }
  return null
}

// The package unpacks itself into the temporary folder and takes whatever lies there for itself:
// hence a folder for each version, which the caller has locked (CHROMIUM_FOLDER).
async function fetched() {
  process.env.TMPDIR = process.env.CHROMIUM_FOLDER
  process.env.AWS_LAMBDA_JS_RUNTIME ??= "nodejs20.x"
  mkdirSync(process.env.TMPDIR, { recursive: true })
  const { default: packaged } = await import("@sparticuz/chromium")
  return { executablePath: await packaged.executablePath(), args: [...packaged.args, ...FLAGS] }
}
