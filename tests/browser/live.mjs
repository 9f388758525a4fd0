// Two people watch a board; one drags a card, and the other's board, feed and notices change by
// themselves, and a receiver that they named is called, signed.

import { drag, isWatching, mark, seesCardIn, wasNotReloaded } from "./lib/board.mjs"
import { equalsFresh } from "./lib/dom.mjs"
import { accessible, expect, given, journey, unharmed } from "./lib/journey.mjs"
import { listen } from "./lib/sink.mjs"

const { account, board, card, title, to, people } = given

await journey(async (enter) => {
  const [mover, watcher] = [await enter(people[0]), await enter(people[1])]
  const feed = await enter({ ...people[1], name: `${people[1].name}, at the feed` })
  const sink = await listen()
  const secret = await addEndpoint(mover, sink.url)
  await mover.open(`/${account}/boards/${board}`)
  await watcher.open(`/${account}/boards/${board}`)
  await feed.open(`/${account}/activity`)
  for (const { page } of [mover, watcher, feed]) {
    await isWatching(page)
    await mark(page)
  }

  await drag(mover.page, card, to.id)
  await seesCardIn(watcher.page, card, to.id)
  const line = feed.page.locator("#activities .activity", { hasText: title }).filter({ hasText: to.name })
  await line.first().waitFor()
  await watcher.page.locator("#notice_count .bell__count", { hasText: /\d/ }).waitFor()
  for (const { name, page } of [watcher, feed]) {
    expect(await wasNotReloaded(page), `${name}'s page was loaded anew`)
  }
  await equalsFresh(watcher, `/${account}/boards/${board}`)

  await watcher.open(`/${account}/cards/${card}/history`)
  const history = await watcher.page.locator("main").innerText()
  expect(history.includes(to.name), `the history does not name ${to.name}: ${history}`)
  await accessible(watcher.page)

  const { data } = await sink.event("card.moved", secret)
  expect(data.card.number === card && data.to_column.id === to.id, `the call says ${JSON.stringify(data)}`)
  await seesDelivery(mover, sink.url)
  unharmed(mover, watcher, feed)
})

async function addEndpoint({ page, open }, url) {
  await open(`/${account}/webhooks`)
  await page.getByLabel("Address").fill(url)
  await page.locator(`input[value="card.moved"]`).check()
  await page.getByRole("button", { name: "Add it" }).click()
  const secret = await page.locator("#secret").innerText()
  await accessible(page)
  return secret
}

async function seesDelivery({ page, open }, url) {
  await open(`/${account}/webhooks`)
  await page.locator(".endpoint", { hasText: url }).getByRole("link").click()
  await page.waitForURL(/\/webhooks\/[0-9a-f-]{36}$/)
  // What the receiver answered is recorded a moment later.
  for (let tries = 0; !(await page.locator(".delivery", { hasText: "Delivered" }).count()); tries++) {
    expect(tries < 50, "the page does not say that it was delivered")
    await page.reload()
  }
  await accessible(page)
}
