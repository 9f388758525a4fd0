// The insights are looked at in light, in the dark and on a phone: charts with their figures as tables, menus, files.
// What is looked at now comes by itself, only while somebody looks, and is no view.

import { readFileSync } from "node:fs"
import { accessible, ask, expect, given, journey, unharmed } from "./lib/journey.mjs"

const { account, people } = given
const INSIGHTS = `/${account}/insights`
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }

await journey(async (enter) => {
  const olive = await enter(people[0])
  await olive.open(INSIGHTS)
  await hasTables(olive)
  await hasFiles(olive)
  await narrows(olive)
  await ask("page_view 2")
  const dark = await enter({ ...people[0], name: "in the dark" }, { colorScheme: "dark" })
  const phone = await enter({ ...people[0], name: "on a phone" }, PHONE)
  for (const { page, open } of [dark, phone]) {
    await open(INSIGHTS)
    await unfold(page)
    const [shown, wide] = await page.evaluate(() => [document.documentElement.clientWidth, document.documentElement.scrollWidth])
    expect(wide <= shown, `the page is ${wide} pixels wide on a screen of ${shown}`)
  }
  await ask("page_view 4")
  const watching = await enter({ ...people[0], name: "watching" })
  await showsWhatIsNow(watching)
  unharmed(olive, dark, phone, watching)
})

// Each chart has its figures beside it.
async function hasTables({ page }) {
  await unfold(page)
  const today = page.getByRole("region", { name: "Pages seen a day, as a table" }).getByRole("row").nth(1)
  const seen = await today.getByRole("cell").first().innerText()
  expect(seen === "2", `${seen} pages were seen today`)
}

async function unfold(page) {
  for (const summary of await page.locator(".chart details > summary").all()) await summary.click()
  expect(await page.locator(".chart details table:visible").count() === 3, "a chart has no table")
  await accessible(page)
}

async function hasFiles({ page }) {
  const began = page.waitForEvent("download")
  await page.getByRole("link", { name: "As CSV" }).first().click()
  const file = await began
  expect(file.suggestedFilename().startsWith(`${account}-days-`), `the file is called ${file.suggestedFilename()}`)
  const [head] = readFileSync(await file.path(), "utf8").split("\r\n")
  expect(head === "day,visitors,page_views,link_clicks,form_submits", `the file begins with ${head}`)
}

// By a menu, with the keys alone.
async function narrows({ page }) {
  const who = page.locator(".sentence summary", { hasText: "everybody" })
  await who.focus()
  await page.keyboard.press("Enter")
  await accessible(page)
  await page.getByRole("link", { name: "Tomas Lindqvist" }).focus()
  await page.keyboard.press("Enter")
  await page.waitForURL(/person_id=/)
  await page.locator(".sentence summary", { hasText: "Tomas Lindqvist" }).waitFor()
  await accessible(page)
}

async function showsWhatIsNow({ page, open }) {
  await page.clock.install()
  let fetched = 0
  page.on("request", (request) => { if (isNow(request)) fetched += 1 })
  await open(INSIGHTS)
  const now = page.locator("#insights_now")
  await now.getByText("2 people").waitFor()
  await ask("a look of Tomas’s")
  await afterAWhile(page)
  await now.locator(".tag", { hasText: "Spring catalogue" }).waitFor()

  const before = fetched
  await page.evaluate(() => Object.defineProperty(document, "hidden", { configurable: true, get: () => true }))
  await page.clock.runFor(60_000)
  expect(fetched === before, "a page that nobody looks at asks what is now")
  await page.evaluate(() => { delete document.hidden })
  await afterAWhile(page)
  await ask("page_view 5")
  await open(`/${account}/activity`)
  await ask("page_view 6")
}

// Time goes by, and what is now is fetched anew.
async function afterAWhile(page) {
  const fetched = page.waitForResponse((response) => isNow(response))
  await page.clock.runFor(10_000)
  expect((await fetched).ok(), "what is now was not to be had")
}

function isNow(asked) {
  return asked.url().endsWith("/insights/now")
}
