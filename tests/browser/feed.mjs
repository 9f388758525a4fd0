// A feed is read: days, folds and the mark of the last visit, older lines by scrolling and by links, lines that come
// while somebody reads, narrowed pages, and a private board of which only who sees it is told.

import { isWatching, mark, wasNotReloaded } from "./lib/board.mjs"
import { accessible, ask, expect, given, journey, unharmed } from "./lib/journey.mjs"

const { account, board, people, tomas, outsider } = given
const FEED = `/${account}/activity`
const A_FEW_PIXELS = 4

const line = (page, text) => page.locator("#activities > .activity", { hasText: text })
const count = (page) => page.locator("#activities > .activity").count()

await journey(async (enter) => {
  const plain = await enter({ ...people[0], name: "without JavaScript" }, { javaScriptEnabled: false })
  await olderByLinks(plain)
  const reader = await enter(people[0])
  await reader.open(FEED)
  await isWatching(reader.page)
  await seesDaysAndThemselves(reader)
  await small(reader)
  await older(reader)
  await keepsItsPlace(reader)
  await marksTheLastVisit(reader)
  await seesWhatIsGone(reader)
  await showsWhatCameToIt(reader)
  await narrows(reader)
  const stranger = await enter(outsider)
  await aSecret(reader, stranger)
  unharmed(plain, reader, stranger)
})

async function olderByLinks({ page, open }) {
  await open(FEED)
  expect(await line(page, "Line 59.").count() === 1, "the newest page has no newest line")
  expect(await line(page, "Line 3.").count() === 0, "the newest page has the oldest line")
  await page.getByRole("link", { name: "Older" }).click()
  await page.waitForURL(/[?&]before=\d+$/)
  await line(page, "Line 3.").waitFor()
  await page.getByRole("link", { name: "Newest" }).click()
  await line(page, "Line 59.").waitFor()
}

async function seesDaysAndThemselves({ page }) {
  await page.getByRole("heading", { name: "Today" }).waitFor()
  const mine = line(page, "A card that goes").locator("p > [data-person]").first()
  expect(await mine.innerText() === "You", `what the reader did says ${await mine.innerText()}`)
}

async function small({ page }) {
  await ask("small changes")
  const fold = page.locator(".fold__button").first()
  await fold.filter({ hasText: "and 2 small changes before" }).waitFor()
  const hidden = page.locator("#activities > .activity--folded")
  expect(await hidden.first().isHidden(), "a folded line shows")
  for (const open of [true, false]) {
    await fold.focus()
    await page.keyboard.press("Enter")
    await page.locator(`.fold__button[aria-expanded=${open}]`).first().waitFor()
    expect(await hidden.first().isVisible() === open, `the fold's lines are ${open ? "hidden" : "shown"}`)
    expect(await page.evaluate(() => document.activeElement.matches(".fold__button")), "the fold lost the focus")
    await accessible(page)
  }
}

async function older({ page }) {
  await mark(page)
  const before = await count(page)
  await page.locator("#activities > .activity:visible").last().scrollIntoViewIfNeeded()
  await line(page, "Line 3.").waitFor()
  expect(await count(page) > before, "no older lines came")
  const ids = await page.locator("#activities > .activity").evaluateAll((lines) => lines.map(({ id }) => id))
  expect(new Set(ids).size === ids.length, "a line stands there twice")
  await accessible(page)
}

// The reader looks at an old line while another comes on top.
async function keepsItsPlace({ page }) {
  const looked = line(page, "Line 20.")
  await looked.scrollIntoViewIfNeeded()
  const before = await looked.boundingBox()
  await ask("While you read.")
  await line(page, "While you read.").waitFor({ state: "attached" })
  const after = await looked.boundingBox()
  expect(Math.abs(after.y - before.y) <= A_FEW_PIXELS, `the line went from ${before.y} to ${after.y}`)
  expect(await line(page, "Line 3.").count() === 1, "the older lines went")
  expect(await wasNotReloaded(page), "the page was loaded anew")
  const first = page.locator("#activities > .activity").first()
  expect((await first.innerText()).includes("While you read."), "the live line is not on top")
}

async function marksTheLastVisit({ page, open }) {
  const noted = page.waitForResponse((response) => response.url().endsWith("/activity/readings"))
  await open(FEED)
  expect((await noted).ok(), "the visit was not noted")
  await open(`/${account}`)
  await ask("While you were away.")
  await open(FEED)
  await page.locator("#since", { hasText: "New since you were here" }).waitFor()
  const order = await page.locator("#activities > .activity, #since").evaluateAll((items) => items.slice(0, 2).map(({ id, textContent }) => id === "since" ? id : textContent))
  expect(order[0].includes("While you were away.") && order[1] === "since", `the mark stands elsewhere: ${order}`)
}

async function seesWhatIsGone({ page, open }) {
  await ask("a deletion")
  await open(FEED)
  const gone = line(page, "A card that goes").first()
  expect((await gone.innerText()).includes("(gone)"), `the line says ${await gone.innerText()}`)
  expect(await gone.getByRole("link", { name: "A card that goes" }).count() === 0, "a deleted card is a link")
  await ask("a restoration")
  // All lines lead to it again, those that stood there before too.
  const dead = page.locator("#activities .gone", { hasText: "A card that goes" })
  await dead.first().waitFor({ state: "detached" })
  expect(await line(page, "A card that goes").first().getByRole("link", { name: "A card that goes" }).count() === 1, "a restored card is no link")
}

// A fragment that came to the page before is not rendered on the one that stands there by then.
async function showsWhatCameToIt({ page }) {
  const shown = await page.evaluate(async () => {
    const tell = (words) => {
      const stream = document.createElement("turbo-stream")
      stream.setAttribute("action", "append")
      stream.setAttribute("target", "announcements")
      stream.innerHTML = `<template><span id="${words}"></span></template>`
      document.documentElement.append(stream)
    }
    tell("early")
    document.body.replaceWith(document.body.cloneNode(true))
    tell("late")
    while (!document.getElementById("late")) await new Promise(requestAnimationFrame)
    return document.getElementById("early") !== null
  })
  expect(!shown, "a page shows what came to the one before")
}

async function narrows({ page, open, server }) {
  await open(FEED)
  await choose(page, 0, "Comments")
  await choose(page, 1, "Tomas Lindqvist")
  await choose(page, 2, "Spring catalogue")
  await choose(page, 3, "Today")
  const asked = new URL(page.url()).searchParams
  expect(asked.get("kind") === "comment.*" && asked.get("creator_id") === tomas && asked.get("board_id") === board && asked.has("day"), `the address asks for ${asked}`)
  await accessible(page)
  await isWatching(page)
  await mark(page)
  await ask("Told on a narrowed page.")
  await line(page, "Told on a narrowed page.").waitFor()
  expect(await wasNotReloaded(page), "the narrowed page was loaded anew")
  const kinds = await page.locator("#activities > .activity").evaluateAll((lines) => lines.map(({ dataset }) => `${dataset.kind} ${dataset.creator}`))
  expect(kinds.every((kind) => kind === `comment.added ${tomas}`), `the page shows ${[...new Set(kinds)]}`)
  for (const query of ["kind=card.flown", "board_id=x", "creator_id=x", "day=x", "before=x"]) {
    const response = await page.goto(`${server}${FEED}?${query}`)
    expect(response.status() === 422, `${query} answered ${response.status()}`)
    await accessible(page)
  }
}

// Chooses from one of the menus of the sentence.
async function choose(page, menu, words) {
  const filter = page.locator(".sentence details").nth(menu)
  await filter.locator("summary").click()
  await filter.getByRole("link", { name: words, exact: true }).click()
  await page.locator(".sentence details").nth(menu).locator("a[aria-current]", { hasText: words }).waitFor({ state: "attached" })
}

async function aSecret(reader, stranger) {
  for (const { page, open } of [reader, stranger]) {
    await open(FEED)
    await isWatching(page)
    await mark(page)
  }
  await ask("a secret")
  // What came after it has come: had the secret been told, it would stand there.
  for (const { page } of [reader, stranger]) await line(page, "After the secret.").waitFor()
  await line(reader.page, "Between us.").waitFor()
  expect(await wasNotReloaded(reader.page), "the page was loaded anew")
  const sees = async () => (await stranger.page.locator("#activities").innerText()).match(/Between us|Raise them/)
  expect(!await sees(), "a private board is told live")
  await stranger.open(FEED)
  expect(!await sees(), "a private board is told after a reload")
}
