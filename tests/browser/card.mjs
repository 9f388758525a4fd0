// Two people look at a card and its board; one closes, assigns and tags it by keys alone, edits and
// deletes a comment and then the card, and the other's pages follow by themselves.

import { isWatching, mark, wasNotReloaded } from "./lib/board.mjs"
import { equalsFresh } from "./lib/dom.mjs"
import { accessible, expect, given, journey, unharmed } from "./lib/journey.mjs"

const { account, board, card, people } = given
const PAGE = `/${account}/cards/${card}`

await journey(async (enter) => {
  const [worker, watcher] = [await enter(people[0]), await enter(people[1])]
  const onlooker = await enter({ ...people[1], name: `${people[1].name}, at the board` })
  await worker.open(PAGE)
  await watcher.open(PAGE)
  await onlooker.open(`/${account}/boards/${board}`)
  for (const { page } of [worker, watcher, onlooker]) {
    await isWatching(page)
    await mark(page)
  }

  await assign(worker.page)
  await watcher.page.locator(`#facts_${card} .person`).waitFor()
  await onlooker.page.locator(`#card_${card} .avatars`).waitFor()
  await tag(worker.page, "print")
  await watcher.page.locator(`#facts_${card} .tag`, { hasText: "print" }).waitFor()
  await onlooker.page.locator(`#card_${card} .tag`, { hasText: "print" }).waitFor()
  await accessible(worker.page)
  await equalsFresh(watcher, PAGE)
  await equalsFresh(onlooker, `/${account}/boards/${board}`)

  await settled(worker.page)
  await worker.page.keyboard.press("c")
  await watcher.page.locator(".sheet .state", { hasText: "Closed" }).waitFor()
  await onlooker.page.locator(`#card_${card}`).waitFor({ state: "detached" })
  await settled(worker.page)
  await worker.page.keyboard.press("c")
  await onlooker.page.locator(`#card_${card}`).waitFor()
  await equalsFresh(watcher, PAGE)

  await worker.page.locator("#new_comment [name=body]").fill("It reads.")
  await worker.page.locator("#new_comment").getByRole("button").click()
  await watcher.page.locator(".comment", { hasText: "It reads." }).waitFor()
  await comment(worker, async (page) => {
    await page.locator("[name=body]").fill("It reads well.")
    await page.getByRole("button", { name: "Save" }).click()
  })
  await watcher.page.locator(".comment", { hasText: "It reads well." }).waitFor()
  await equalsFresh(watcher, PAGE)
  await comment(worker, async (page) => {
    await page.getByText("Delete this comment").click()
    await page.getByRole("button", { name: "Delete the comment" }).click()
  })
  await watcher.page.locator(".comment", { hasText: "It reads well." }).waitFor({ state: "detached" })
  for (const { name, page } of [watcher, onlooker]) {
    expect(await wasNotReloaded(page), `${name}'s page was loaded anew`)
  }

  await worker.open(`${PAGE}/deletion`)
  await accessible(worker.page)
  await worker.page.getByRole("button", { name: "Delete the card" }).click()
  await onlooker.page.locator(`#card_${card}`).waitFor({ state: "detached" })
  await watcher.page.getByRole("heading", { name: "This card is gone" }).waitFor()
  await equalsFresh(onlooker, `/${account}/boards/${board}`)

  await restore(worker)
  await onlooker.page.locator(`#card_${card}`).waitFor()
  await equalsFresh(onlooker, `/${account}/boards/${board}`)
  await undoIn(worker, "comment")
  await worker.page.locator(".comment", { hasText: "It reads well." }).waitFor()
  await equalsFresh(onlooker, `/${account}/boards/${board}`)
  unharmed(worker, onlooker)
})

// From the page of what is gone, by keys alone.
async function restore({ page, open }) {
  await page.goto(`${people[0].server}${PAGE}`)
  await accessible(page)
  await page.getByRole("link", { name: "Restore…" }).focus()
  await page.keyboard.press("Enter")
  await page.getByRole("button", { name: "Restore" }).waitFor()
  await accessible(page)
  await page.getByRole("button", { name: "Restore" }).focus()
  await page.keyboard.press("Enter")
  await page.waitForURL(`**${PAGE}`)
  await page.locator(`#sheet_${card}`).waitFor()
  await open(PAGE)
}

// The entry of the history that tells of something, undone.
async function undoIn({ page, open }, kind) {
  await open(`${PAGE}/history`)
  const entry = page.locator(`.activity[data-kind^="${kind}."]`, { has: page.getByRole("link", { name: "Restore…" }) })
  await entry.getByRole("link", { name: "Restore…" }).click()
  await page.getByRole("button", { name: "Restore" }).waitFor()
  await accessible(page)
  await page.getByRole("button", { name: "Restore" }).click()
  await page.waitForURL(`**${PAGE}`)
}

// Whoever is on the page with nothing in focus presses a key for what they want.
async function assign(page) {
  await page.keyboard.press("a")
  await page.locator("#new_assignment[open]").waitFor()
  await page.locator("#user_id").focus()
  await page.keyboard.press("Tab")
  await page.keyboard.press("Enter")
  await page.locator(`#facts_${card} .person`).waitFor()
}

async function tag(page, name) {
  await settled(page)
  await page.keyboard.press("t")
  await page.locator("#new_tag[open]").waitFor()
  await page.locator("#tag_name").fill(name)
  await page.keyboard.press("Enter")
  await page.locator(`#facts_${card} .tag`, { hasText: name }).waitFor()
}

// Keys are for the page, not for a field.
async function settled(page) {
  await page.evaluate(() => document.activeElement?.blur())
}

async function comment({ page }, change) {
  await page.getByRole("link", { name: /Edit or delete this comment/ }).click()
  await page.waitForURL(/\/edit$/)
  await accessible(page)
  await change(page)
  await page.waitForURL(`**${PAGE}`)
  await isWatching(page)
}
