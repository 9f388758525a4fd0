// Two people watch a board; one drags a card, and the other's board, feed and notices change by themselves.

import { drag, isWatching, mark, seesCardIn, wasNotReloaded } from "./lib/board.mjs"
import { equalsFresh } from "./lib/dom.mjs"
import { accessible, expect, given, journey, unharmed } from "./lib/journey.mjs"

const { account, board, card, title, to, people } = given

await journey(async (enter) => {
  const [mover, watcher] = [await enter(people[0]), await enter(people[1])]
  const feed = await enter({ ...people[1], name: `${people[1].name}, at the feed` })
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
  unharmed(mover, watcher, feed)
})
