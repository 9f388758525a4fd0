// The server is killed between two moves; those who watch come back by themselves and see it all.

import assert from "node:assert/strict"
import { drag, isWatching, mark, seesCardIn, wasNotReloaded } from "./lib/board.mjs"
import { equalsFresh } from "./lib/dom.mjs"
import { ask, given, journey } from "./lib/journey.mjs"

const { account, board, card, from, to, people } = given
const path = `/${account}/boards/${board}`

await journey(async (enter) => {
  const [mover, watcher] = [await enter(people[0]), await enter(people[1])]
  await mover.open(path)
  await watcher.open(path)
  await isWatching(watcher.page)
  await mark(watcher.page)

  await drag(mover.page, card, to.id)
  await seesCardIn(watcher.page, card, to.id)
  await ask("kill the server")
  await staysWhereItIs(watcher.page)
  await ask("move the card back, start the server")
  await seesCardIn(watcher.page, card, from.id)
  await isWatching(watcher.page)
  await mover.open(path)
  await drag(mover.page, card, to.id)
  await seesCardIn(watcher.page, card, to.id)
  await equalsFresh(watcher, path)
  assert.ok(await wasNotReloaded(watcher.page))
})

// A link that is clicked and a refresh that comes while nobody answers take nothing from the page.
async function staysWhereItIs(page) {
  await page.evaluate(() => Turbo.session.refresh(document.baseURI))
  await page.evaluate(() => new Promise(done => addEventListener("turbo:fetch-request-error", done, { once: true })))
  await page.getByRole("link", { name: "Activity" }).first().click()
  await page.getByText("Cairn can’t be reached.").waitFor()
  assert.equal(new URL(page.url()).pathname, path)
}
