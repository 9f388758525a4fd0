// What is new to somebody is marked while they look, and is not once they have opened it; who has seen a card is told
// anew when it changes.

import { isWatching } from "./lib/board.mjs"
import { accessible, ask, expect, given, journey, unharmed } from "./lib/journey.mjs"

const { account, board, card, people } = given

await journey(async (enter) => {
  const tomas = await enter(people[0])
  const { page } = tomas
  const mark = page.locator(`#card_${card} .unread`)
  const names = (target) => page.locator(`[data-seen-target=${target}]`)

  // Nothing is new at first sight; what others do from then on is.
  await tomas.open(`/${account}/boards/${board}`)
  await ask("a receipt for a Board")
  await mark.waitFor({ state: "hidden" })
  await isWatching(page)
  await ask("a comment")
  await mark.waitFor({ state: "visible" })

  // It is not once they have opened it: on the way back, and on a page made anew.
  await page.locator(`#card_${card} .card__link`).click()
  await page.locator("#new_comment").waitFor()
  await ask("a receipt for a Card")
  await page.goBack()
  await page.locator(`#card_${card}`).waitFor()
  await mark.waitFor({ state: "hidden" })
  await page.reload()
  await mark.waitFor({ state: "hidden" })

  await ask("a look of Rowan’s")
  await tomas.open(`/${account}/cards/${card}`)
  await isWatching(page)
  await names("seen").getByText("Rowan Field").waitFor()
  await ask("a comment")
  await names("unseen").getByText("Rowan Field").waitFor()
  await names("seen").getByText("Tomas Lindqvist").waitFor()
  await ask("a look of Rowan’s")
  await names("seen").getByText("Rowan Field").waitFor()

  // From now on the page is told of whoever has looked alone, and sorts all of them.
  await ask("a comment")
  await names("unseen").getByText("Rowan Field").waitFor()
  await ask("a look of Rowan’s")
  await names("seen").getByText("Rowan Field").waitFor()
  expect(await names("news").count() === 0, "what was told is left on the page")
  await accessible(page)

  // What came while they looked they have seen, also to a page that is made anew.
  await ask("a receipt for a Card")
  await tomas.open(`/${account}/boards/${board}`)
  await mark.waitFor({ state: "hidden" })
  unharmed(tomas)
})
