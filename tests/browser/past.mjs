// Through the past of a board by keys, by the slider, by a time and by links; without JavaScript too.

import { mark, wasNotReloaded } from "./lib/board.mjs"
import { accessible, expect, given, journey, unharmed } from "./lib/journey.mjs"

const { account, board, card, steps, from, to, people } = given
const path = `/${account}/boards/${board}`
const newest = steps.at(-1)
const at = (step) => steps.at(step)

await journey(async (enter) => {
  const viewer = await enter(people[0])
  const { page } = viewer
  const slider = page.locator("#travel_slider")
  const shows = (sequence) => page.waitForURL((url) => url.searchParams.get("at") === String(sequence))
  await viewer.open(path)
  await page.getByRole("link", { name: "As it was" }).click()
  await shows("newest")
  await accessible(page)
  await mark(page)

  // The arrows go from change to change, and the focus stays where it is.
  await slider.focus()
  for (const step of [-2, -3]) {
    await slider.press("ArrowLeft")
    await shows(at(step))
    await holds(page, "travel_slider", at(step))
  }
  await page.locator(`#column_${from.id} #card_${card}`).waitFor()
  await slider.press("ArrowRight")
  await shows(at(-2))
  await page.locator(`#column_${to.id} #card_${card}[data-changed]`).waitFor()

  // The slider goes to any number; of one that is no change of the board the board is as it was then.
  await slider.press("Home")
  await shows(at(0))
  await page.locator("#travel_no_prev").waitFor()
  await page.getByText("The board had no columns then.").waitFor()
  await page.getByRole("link", { name: "Later" }).click()
  await shows(at(1))
  await holds(page, "travel_next", at(1))
  await page.locator(".column[data-changed]", { hasText: from.name }).waitFor()
  expect(await wasNotReloaded(page), "stepping loads the page anew")

  // A time that was none is answered beside its field, and the board is there still.
  await page.locator("#at").fill("2001-02-03T04:05:06")
  await page.locator("#at").press("Enter")
  await page.locator("#at_error").waitFor()
  await accessible(page)
  await page.getByRole("link", { name: "Back to now" }).click()
  await page.waitForURL((url) => url.pathname === path && url.search === "")
  await page.locator(`#card_${card}`).waitFor()
  expect(await page.locator("turbo-cable-stream-source").count() > 0, "the present is not followed")

  const phone = await enter(people[0], { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true })
  await phone.open(`${path}?at=${newest}`)
  await phone.page.getByRole("link", { name: "Earlier" }).tap()
  await phone.page.waitForURL((url) => url.searchParams.get("at") === String(at(-2)))
  const [shown, wide] = await phone.page.evaluate(() => [document.documentElement.clientWidth, document.documentElement.scrollWidth])
  expect(wide <= shown, `the past is ${wide} pixels wide on a screen of ${shown}`)

  const plain = await enter(people[0], { javaScriptEnabled: false })
  await plain.open(`${path}?at=${newest}`)
  await plain.page.getByRole("link", { name: "Earlier" }).click()
  await plain.page.locator(`#column_${to.id} #card_${card}[data-changed]`).waitFor()
  await plain.page.locator("#travel_slider").press("Home")
  await plain.page.locator(".travel__slider button").click()
  await plain.page.getByText("The board had no columns then.").waitFor()
  unharmed(viewer, phone)
})

// What had the focus has it, and the slider stands where the page is.
async function holds(page, id, sequence) {
  await page.waitForFunction(
    ([id, sequence]) => document.activeElement?.id === id
      && document.getElementById("travel_slider").value === String(sequence),
    [id, sequence])
}
