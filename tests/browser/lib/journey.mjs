// A journey: people in browser contexts of their own, every page they visit checked by axe, and a
// picture of each when something goes wrong.

import { mkdirSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { launch } from "./chromium.mjs"

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")
const PATIENCE = 20_000

// What the test handed over: see tests/app/support/browser.rs.
export const given = JSON.parse(process.env.JOURNEY ?? "{}")

export async function journey(walk) {
  const browser = await launch()
  const people = []
  try {
    await walk((person, options) => enter(browser, people, person, options))
    process.exitCode = 0
  } catch (error) {
    console.error(error.stack ?? error)
    await photograph(people)
    process.exitCode = 1
  } finally {
    await browser.close()
    lines.close()
  }
}

// A person in a context of their own, signed in by the cookies that the test gives.
async function enter(browser, people, person, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const { hostname } = new URL(person.server)
  const cookies = Object.entries(person.cookies ?? {})
  await context.addCookies(cookies.map(([name, value]) => ({ name, value, domain: hostname, path: "/" })))
  context.setDefaultTimeout(PATIENCE)
  const page = await context.newPage()
  const faults = []
  page.on("pageerror", (error) => faults.push(`${error}`))
  page.on("console", (message) => {
    if (message.type() === "error" && /Content Security Policy/.test(message.text())) faults.push(message.text())
  })
  const entered = { ...person, page, context, faults, open: (path) => open(person, page, options, path) }
  people.push(entered)
  return entered
}

async function open(person, page, options, path) {
  const response = await page.goto(`${person.server}${path}`)
  if (!response.ok()) throw new Error(`${path} answered ${response.status()}`)
  if (options.javaScriptEnabled !== false) await accessible(page)
}

// Every page that is visited is fit for those who cannot see it.
export async function accessible(page) {
  // While a visit is on its way, Turbo says so on an element that may not say it.
  await page.locator("html:not([aria-busy])").waitFor()
  // Evaluated by the browser's own tools, so that the page's content security policy stands.
  const session = await page.context().newCDPSession(page)
  await session.send("Runtime.evaluate", { expression: AXE })
  const { result } = await session.send("Runtime.evaluate", {
    expression: "axe.run({ resultTypes: ['violations'] }).then((found) => JSON.stringify(found.violations))",
    awaitPromise: true,
  })
  await session.detach()
  const violations = JSON.parse(result.value)
  if (violations.length > 0) {
    const said = violations.map(({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map((node) => node.html).join("\n  ")}`)
    throw new Error(`${page.url()} is not accessible:\n${said.join("\n")}`)
  }
}

// Asks the test to do something and waits until it has: it reads our lines and answers each.
const lines = createInterface({ input: process.stdin })
const answers = lines[Symbol.asyncIterator]()
export async function ask(what) {
  console.log(`ASK ${what}`)
  const { value } = await answers.next()
  return value
}

export function expect(truth, sentence) {
  if (!truth) throw new Error(sentence)
}

// Nothing went wrong in the page that nobody saw.
export function unharmed(...people) {
  for (const { name, faults } of people) expect(faults.length === 0, `${name}'s page: ${faults.join("; ")}`)
}

async function photograph(people) {
  const folder = process.env.PICTURES
  mkdirSync(folder, { recursive: true })
  for (const { name, page } of people) {
    const path = join(folder, `${name}.png`)
    await page.screenshot({ path, fullPage: true }).catch(() => {})
    console.error(`${name} was at ${page.url()}: ${path}`)
  }
}
