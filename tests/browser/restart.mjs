// The server is killed between two moves; those who watch come back by themselves and see it all.

import { drag, isWatching, mark, seesCardIn } from "./lib/board.mjs"
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
  await ask("kill the server, move the card back, start the server")
  await seesCardIn(watcher.page, card, from.id)
  await isWatching(watcher.page)
  await mover.open(path)
  await drag(mover.page, card, to.id)
  await seesCardIn(watcher.page, card, to.id)
  await equalsFresh(watcher, path)
})
