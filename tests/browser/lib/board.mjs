// What people do on a board, by its ids.

// Drags a card to the top of a column, as a hand does.
export async function drag(page, card, column) {
  await page.locator(`#card_${card}`).dragTo(page.locator(`#column_${column}_cards`))
}

// Waits until a page shows a card in a column.
export async function seesCardIn(page, card, column) {
  await page.locator(`#column_${column}_cards #card_${card}`).waitFor()
}

// Waits until the live connection of a page stands.
export async function isWatching(page) {
  await page.locator("turbo-cable-stream-source[connected]").first().waitFor({ state: "attached" })
}

// Puts a mark on the window that a reload would wipe away.
export async function mark(page) {
  await page.evaluate(() => { window.marked = true })
}

export async function wasNotReloaded(page) {
  return page.evaluate(() => window.marked === true)
}
