// Each way of getting to a page, with the number of page views that there are after it.

import { isWatching } from "./lib/board.mjs"
import { ask, expect, given, journey, unharmed } from "./lib/journey.mjs"

const { account, board, card, people } = given
const boardPath = `/${account}/boards/${board}`
const cardPath = `/${account}/cards/${card}`
const counts = {}
let views = 0

// So many page views more than before are stored, and none besides.
async function viewed(count = 1) {
  views += count
  await ask(`page_view ${views}`)
}

// A link or a form of this thing was used once more, and nothing else besides.
async function used(eventType, thing) {
  const all = counts[eventType] = (counts[eventType] ?? 0) + 1
  const of = counts[`${eventType} of ${thing}`] = (counts[`${eventType} of ${thing}`] ?? 0) + 1
  await ask(`${eventType} of ${thing} ${of}`)
  await ask(`${eventType} ${all}`)
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
  await used("link_click", "Card")
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
  await page.locator("#body").fill(`Something that nobody reports, of [his own](${tomas.server}${boardPath}).`)
  await page.locator("#new_comment").getByRole("button", { name: "Comment" }).click()
  const comment = page.locator(".comment", { hasText: "Something that nobody reports" })
  await comment.waitFor()
  await used("form_submit", "Card")
  await viewed()
  await tomas.open(`/${account}/activity`)
  await viewed()
  const line = page.locator("#activities .activity", { hasText: "commented" }).first()
  await line.getByRole("link", { name: "Write the letter" }).click()
  await page.locator("#new_comment").waitFor()
  await used("link_click", "Card")
  await viewed()

  // A comment’s own: what it leads to, its form and the page with that, and what is pressed beside its links.
  await comment.getByText("Something that nobody reports").click({ position: { x: 2, y: 2 } })
  await comment.getByRole("link", { name: "his own" }).click()
  await page.locator(`#card_${card}`).waitFor()
  await used("link_click", "Comment")
  await viewed()
  await tomas.open(cardPath)
  await viewed()
  await comment.getByRole("link", { name: "Edit or delete" }).click()
  await page.getByRole("heading", { name: "Comment by" }).waitFor()
  await used("link_click", "Comment")
  await viewed()
  await ask("page_view of Comment 1")
  await page.locator("[name=body]").fill("Something that everybody finds.")
  await page.getByRole("button", { name: "Save" }).click()
  await page.locator("#new_comment").waitFor()
  await used("form_submit", "Comment")
  await viewed()

  // What was found, what somebody was told of, and the boards.
  for (const [words, thing] of [["Write the letter", "Card"], ["everybody finds", "Comment"]]) {
    await tomas.open(`/${account}/search?q=${encodeURIComponent(words)}`)
    await viewed()
    await page.locator(".hit a").first().click()
    await page.locator("#new_comment").waitFor()
    await used("link_click", thing)
    await viewed()
  }
  await ask("comment 4")
  await tomas.open(`/${account}/notifications`)
  await viewed()
  await page.locator(".notice a").first().click()
  await page.locator("#new_comment").waitFor()
  await used("link_click", "Card")
  await viewed()
  await tomas.open(`/${account}`)
  await viewed()
  await page.locator(`.board-tile a[href="${boardPath}"]`).click()
  await page.locator(`#card_${card}`).waitFor()
  await used("link_click", "Board")
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
