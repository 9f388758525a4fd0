// On a phone: no page is wider than the screen, and a card is moved by the finger and by its form.

import { isWatching, seesCardIn } from "./lib/board.mjs"
import { expect, given, journey, unharmed } from "./lib/journey.mjs"

const { account, board, card, from, to, people } = given
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }

await journey(async (enter) => {
  const visitor = await enter({ ...people[0], name: "a visitor", cookies: {} }, PHONE)
  const mover = await enter(people[0], PHONE)
  for (const path of ["/session", "/docs"]) await fits(visitor, path)
  const within = ["", "/boards/new", `/boards/${board}/activity`, `/cards/${card}`, `/cards/${card}/edit`,
    `/cards/${card}/board_moves/new`, `/boards/${board}/closed_cards`,
    `/cards/${card}/history`, "/activity", "/members", "/notifications", "/profile", "/audit", "/insights", "/webhooks", `/boards/${board}`]
  for (const path of within) await fits(mover, `/${account}${path}`)

  await goesEverywhere(mover)
  await mover.open(`/${account}/boards/${board}`)

  await isWatching(mover.page)
  await carry(mover.page, card, to)
  await seesCardIn(mover.page, card, to.id)

  await mover.page.locator(`#card_${card} a`).tap()
  await mover.page.getByText("Choose a place").tap()
  const form = mover.page.locator("form.place-choice__form")
  await form.locator("[name=column_id]").selectOption(from.id)
  await form.getByRole("button", { name: "Move" }).tap()
  await mover.page.locator(".stands [aria-current]", { hasText: from.name }).waitFor()
  await fits(mover, `/${account}/boards/${board}`)
  await seesCardIn(mover.page, card, from.id)
  unharmed(visitor, mover)
})

// A page is read from top to bottom, never to the side.
async function fits({ page, open }, path) {
  await open(path)
  const [shown, wide] = await page.evaluate(() => [document.documentElement.clientWidth, document.documentElement.scrollWidth])
  expect(wide <= shown, `${path} is ${wide} pixels wide on a screen of ${shown}`)
}

// Each entry of the bar has room for a finger and for its words on the smallest screen too. What only
// admins have stands behind a button, of which it is told that one is there.
async function goesEverywhere({ page }) {
  await page.setViewportSize({ width: 320, height: 640 })
  const narrow = await page.$$eval(".nav > :is(a, button)", (entries) => entries
    .filter((entry) => entry.offsetWidth < 44 || entry.offsetHeight < 44 || entry.scrollWidth > entry.clientWidth)
    .map((entry) => entry.textContent))
  expect(narrow.length === 0, `there is no room for ${narrow.join(", ")}`)
  const more = page.getByRole("navigation", { name: "Account" }).getByRole("button", { name: "More" })
  expect(await page.getByRole("link", { name: "Audit" }).count() === 0, "it is there before it is asked for")
  await more.tap()
  await page.getByRole("link", { name: "Audit" }).tap()
  await page.getByRole("heading", { name: "Audit", level: 1 }).waitFor()
  expect(await more.getAttribute("aria-current") === "true", "nothing says that the page is one of those")
  await page.setViewportSize(PHONE.viewport)
}

// Lays a finger on a card, waits until it is in hand, and lets go over the edge of the next column.
async function carry(page, card, column) {
  const finger = await page.context().newCDPSession(page)
  const touch = (type, points) => finger.send("Input.dispatchTouchEvent", { type, touchPoints: points })
  const there = await page.locator(`#column_${column.id}_cards`).boundingBox()
  const here = await page.locator(`#card_${card}`).boundingBox()
  const start = { x: here.x + 60, y: here.y + 30 }
  const end = { x: there.x + 15, y: there.y + 15 }
  await touch("touchStart", [start])
  await page.locator(`#card_${card}.card--chosen`).waitFor()
  for (let step = 1; step <= 10; step++) {
    const on = (axis) => start[axis] + ((end[axis] - start[axis]) * step) / 10
    await touch("touchMove", [{ x: on("x"), y: on("y") }])
  }
  await page.locator(`#column_${column.id}_cards > #card_${card}`).waitFor()
  await touch("touchEnd", [])
}
