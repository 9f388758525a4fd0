// Each way of getting to a page, with the number of page views that there are after it.

import { isWatching } from "./lib/board.mjs"
import { ask, expect, given, journey, unharmed } from "./lib/journey.mjs"

const { account, board, card, people } = given
const boardPath = `/${account}/boards/${board}`
const cardPath = `/${account}/cards/${card}`
let views = 0

// So many page views more than before are stored, and none besides.
async function viewed(count = 1) {
  views += count
  await ask(`page_view ${views}`)
}

const waiting = (page) => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("tracking")).length)
const emptied = (page) => page.waitForFunction(() => !Object.keys(localStorage).some((key) => key.startsWith("tracking")))

await journey(async (enter) => {
  const tomas = await enter(people[0])
  const { page, context } = tomas

  await tomas.open(boardPath)
  await viewed()
  await page.locator(`#card_${card} .card__link`).click()
  await page.locator("#new_comment").waitFor()
  await viewed()

  // Back and Forward show the snapshot first; Turbo’s preview of a page is not counted besides.
  await page.goBack()
  await page.locator(`#card_${card}`).waitFor()
  await viewed()
  await page.goForward()
  await page.locator("#new_comment").waitFor()
  await viewed()
  await page.locator(`.trail a[href="${boardPath}"]`).click()
  await page.locator(`#card_${card}`).waitFor()
  await viewed()

  // What others do changes the page, piece by piece or as a whole, and is no view.
  await isWatching(page)
  await ask("comment 1")
  await page.getByText("1 comment").waitFor({ state: "attached" })
  await ask("rename the board 2")
  await page.getByRole("heading", { name: "Catalogue 2" }).waitFor()
  const refreshed = page.evaluate(() => new Promise((done) => addEventListener("turbo:load", () => done(true), { once: true })))
  await ask("refresh 3")
  expect(await refreshed, "the page was not loaded anew")
  await page.getByRole("heading", { name: "Column 3" }).first().waitFor()

  // A link that the pointer rests on is fetched, and is no view until it is followed.
  const fetched = page.waitForRequest((request) => request.headers()["x-sec-purpose"] === "prefetch")
  await page.getByRole("link", { name: "Settings" }).first().hover()
  await fetched
  await page.reload()
  await viewed()

  // A form that leads elsewhere, one that leads back to the same page, and one that is refused.
  await tomas.open(`/${account}/boards/new`)
  await viewed()
  await page.locator("[name=name]").fill("A board of his")
  await page.getByRole("button", { name: "Make the board" }).click()
  await page.getByRole("heading", { name: "A board of his" }).waitFor()
  await viewed()
  await page.locator("#column_name").fill("Doing")
  await page.locator("#new_column").getByRole("button", { name: "Add" }).click()
  await page.getByRole("heading", { name: "Doing" }).first().waitFor()
  await viewed()
  await tomas.open(`/${account}/boards/new`)
  await page.evaluate(() => { document.querySelector("[name=name]").required = false })
  await page.getByRole("button", { name: "Make the board" }).click()
  await page.locator("[aria-invalid=true]").waitFor()
  await viewed()

  // One’s way within a page is none; a page that the browser kept whole is one.
  await tomas.open(cardPath)
  await viewed()
  await page.evaluate(() => { location.hash = "new_comment" })
  await page.goBack()
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })))
  await viewed()
  await page.goto("about:blank")
  await page.goBack()
  await page.locator("#new_comment").waitFor()
  await viewed()

  // Declared links and forms, once each, whatever was asked before.
  await page.locator("#body").fill("Something that nobody reports.")
  await page.locator("#new_comment").getByRole("button", { name: "Comment" }).click()
  await page.locator(".comments").getByText("Something that nobody reports.").waitFor()
  await ask("form_submit 1")
  await viewed()
  await tomas.open(`/${account}/activity`)
  await viewed()
  const link = page.locator("#activities a[data-tracking-event-type-value=link_click]").first()
  await link.click()
  await page.locator("#new_comment").waitFor()
  await ask("link_click 1")
  await viewed()

  // A token of before is exchanged for the one of now.
  await page.evaluate(() => { document.querySelector("[name=csrf-token]").content = "of yesterday" })
  await page.evaluate((path) => Turbo.visit(path), `/${account}/members`)
  await page.getByRole("heading", { name: "Members" }).waitFor()
  await page.evaluate(() => { document.querySelector("[name=csrf-token]").content = "of yesterday" })
  await viewed()

  // A night without a line, and a tab that was closed meanwhile: the next one sends what waits.
  await emptied(page)
  const unreachable = `**/${account}/tracking_events`
  await context.route(unreachable, (route) => route.abort())
  await tomas.open(boardPath)
  await page.waitForFunction(() => Object.keys(localStorage).some((key) => key.startsWith("tracking")))
  const other = await context.newPage()
  await other.goto(`${tomas.server}${cardPath}`)
  await other.waitForFunction(() => Object.keys(localStorage).filter((key) => key.startsWith("tracking")).length === 2)
  await other.close()
  await context.unroute(unreachable)
  await page.evaluate(() => dispatchEvent(new Event("online")))
  await viewed(2)
  await emptied(page)

  // Several tabs at once: each view once.
  const tabs = await Promise.all([1, 2, 3].map(() => context.newPage()))
  await Promise.all(tabs.map((tab) => tab.goto(`${tomas.server}${boardPath}`)))
  await viewed(3)
  await Promise.all(tabs.map((tab) => tab.close()))

  // A browser that asks for privacy reports nothing.
  const shy = await context.newPage()
  await shy.addInitScript(() => Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { get: () => true }))
  await shy.goto(`${tomas.server}${cardPath}`)
  await shy.locator("#new_comment").waitFor()
  expect(await waiting(shy) === 0, "something waits in a browser that asks for privacy")
  await shy.close()
  await tomas.open(boardPath)
  await viewed()

  // Whoever signs out leaves nothing behind.
  await emptied(page)
  await context.route(unreachable, (route) => route.abort())
  await tomas.open(`/${account}/profile`)
  await page.waitForFunction(() => Object.keys(localStorage).some((key) => key.startsWith("tracking")))
  await page.getByRole("button", { name: "Sign out here" }).click()
  await page.waitForURL("**/session")
  expect(await waiting(page) === 0, "something of his is left in the browser")
  unharmed(tomas)
})
