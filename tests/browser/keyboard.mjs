// One person moves cards by keys alone and hears where they are; the other's board follows.

import { isWatching, mark, wasNotReloaded } from "./lib/board.mjs"
import { equalsFresh } from "./lib/dom.mjs"
import { ask, expect, given, journey, unharmed } from "./lib/journey.mjs"

const { account, board, cards, from, to, people } = given
const path = `/${account}/boards/${board}`

await journey(async (enter) => {
  const [mover, watcher] = [await enter(people[0]), await enter(people[1])]
  for (const person of [mover, watcher]) {
    await person.open(path)
    await isWatching(person.page)
    await mark(person.page)
  }
  const [first, second, third, other] = cards
  const hands = keysOf(mover.page)

  // Within a column: taken up by M, carried down, put down by Enter.
  await hands.focus(first)
  await hands.press("m", `Moving ${first.title}: ${from.name}, 1 of 3`)
  await hands.press("ArrowUp", `Moving ${first.title}: ${from.name}, 1 of 3`)
  await hands.press("ArrowDown", `Moving ${first.title}: ${from.name}, 2 of 3`)
  await hands.press("ArrowDown", `Moving ${first.title}: ${from.name}, 3 of 3`)
  await hands.press("Enter", `Dropped ${first.title}: ${from.name}, 3 of 3`)
  await sees(watcher.page, [second, third, first], [other])
  await ask(`${from.name}: ${numbers(second, third, first)}; ${to.name}: ${numbers(other)}`)
  await hands.holds(first)

  // To another column: taken up by the space bar, over and up, put down by it.
  await hands.press(" ", `Moving ${first.title}: ${from.name}, 3 of 3`)
  await hands.press("ArrowRight", `Moving ${first.title}: ${to.name}, 2 of 2`)
  await hands.press("ArrowUp", `Moving ${first.title}: ${to.name}, 1 of 2`)
  await hands.press(" ", `Dropped ${first.title}: ${to.name}, 1 of 2`)
  await sees(watcher.page, [second, third], [first, other])
  await ask(`${from.name}: ${numbers(second, third)}; ${to.name}: ${numbers(first, other)}`)
  // The line in the feed comes after the columns were drawn anew; the focus is where it was.
  await mover.page.locator("#activities .activity", { hasText: first.title }).filter({ hasText: to.name }).first().waitFor()
  await hands.holds(first)

  // Put back by Escape, while the other moves a card that must not jump under the hands.
  await hands.press("m", `Moving ${first.title}: ${to.name}, 1 of 2`)
  await hands.press("ArrowLeft", `Moving ${first.title}: ${from.name}, 1 of 3`)
  const theirs = keysOf(watcher.page)
  await theirs.focus(third)
  await theirs.press("m", `Moving ${third.title}: ${from.name}, 2 of 2`)
  await theirs.press("ArrowUp", `Moving ${third.title}: ${from.name}, 1 of 2`)
  await theirs.press("Enter", `Dropped ${third.title}: ${from.name}, 1 of 2`)
  await ask(`${from.name}: ${numbers(third, second)}; ${to.name}: ${numbers(first, other)}`)
  await hands.press("Escape", `Put back ${first.title}: ${to.name}, 1 of 2`)
  await hands.holds(first)
  await sees(mover.page, [third, second], [first, other])
  await ask(`${from.name}: ${numbers(third, second)}; ${to.name}: ${numbers(first, other)}`)

  // Going elsewhere lets go too: by Tab, and by a click beside the board.
  await hands.press("m", `Moving ${first.title}: ${to.name}, 1 of 2`)
  await hands.press("ArrowLeft", `Moving ${first.title}: ${from.name}, 1 of 3`)
  await hands.press("Tab", `Put back ${first.title}: ${to.name}, 1 of 2`)
  await hands.holds(other)
  await hands.press("m", `Moving ${other.title}: ${to.name}, 2 of 2`)
  await hands.press("ArrowUp", `Moving ${other.title}: ${to.name}, 1 of 2`)
  await mover.page.locator("h1").click()
  await hands.hears(`Put back ${other.title}: ${to.name}, 2 of 2`)
  await sees(mover.page, [third, second], [first, other])

  for (const { name, page } of [mover, watcher]) expect(await wasNotReloaded(page), `${name}'s page was loaded anew`)
  await equalsFresh(mover, path)
  await equalsFresh(watcher, path)
  unharmed(mover, watcher)
})

function keysOf(page) {
  const link = (card) => page.locator(`#card_${card.number} a`)
  const hears = (words) => page.locator("#announcements", { hasText: words }).waitFor({ state: "attached" })
  return {
    hears,
    focus: (card) => link(card).focus(),
    press: async (key, words) => { await page.keyboard.press(key); await hears(words) },
    holds: async (card) => {
      const held = await page.evaluate(() => document.activeElement.closest(".card")?.id)
      expect(held === `card_${card.number}`, `the focus is on ${held ?? "no card"}, not on card ${card.number}`)
    },
  }
}

// Waits until both columns have these cards in this order.
async function sees(page, here, there) {
  for (const [column, wanted] of [[from, here], [to, there]]) {
    const inOrder = wanted.map((card, at) => `#column_${column.id}_cards > #card_${card.number}:nth-child(${at + 1})`)
    for (const selector of inOrder) await page.locator(selector).waitFor()
  }
}

function numbers(...some) { return some.map(({ number }) => number).join(" ") }
