// The audit and the histories are looked at in light, in the dark, on a phone and without JavaScript: menus,
// fields, files, the whole of a long text opened in its place, and the head by mail.

import { readFileSync } from "node:fs"
import { accessible, expect, given, journey, unharmed } from "./lib/journey.mjs"

const { account, board, card, people } = given
const AUDIT = `/${account}/audit`
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }

await journey(async (enter) => {
  const olive = await enter(people[0])
  await olive.open(`/${account}`)
  await olive.page.getByRole("link", { name: "Audit" }).click()
  await olive.page.waitForURL(`**${AUDIT}`)
  await narrows(olive)
  await saysWhatIsWrong(olive)
  await hasFiles(olive)
  await opensAText(olive)
  await choosesTheHeadByMail(olive)
  const dark = await enter({ ...people[0], name: "in the dark" }, { colorScheme: "dark" })
  const phone = await enter({ ...people[0], name: "on a phone" }, PHONE)
  for (const person of [dark, phone]) {
    for (const path of [AUDIT, `${AUDIT}?since=soon&kind=card.flown`, `/${account}/boards/${board}/history`,
      `/${account}/cards/${card}/history`]) await fits(person, path)
  }
  const plain = await enter({ ...people[0], name: "without JavaScript" }, { javaScriptEnabled: false })
  await worksPlainly(plain)
  unharmed(olive, dark, phone, plain)
})

// By a menu with the keys alone, and by a field.
async function narrows({ page }) {
  const kinds = page.locator(".sentence summary", { hasText: "everything" })
  await kinds.focus()
  await page.keyboard.press("Enter")
  await accessible(page)
  await page.getByRole("link", { name: "Cards", exact: true }).focus()
  await page.keyboard.press("Enter")
  await page.waitForURL(/kind=card/)
  await page.getByLabel("Card number").fill(`${card}`)
  await page.getByRole("button", { name: "Show" }).click()
  await page.waitForURL((url) => url.searchParams.get("card") === `${card}` && url.searchParams.get("kind") === "card.*")
  await page.locator("#audit .activity", { hasText: "changed" }).first().waitFor()
  const time = page.locator("#audit time").first()
  expect(/\d{4} at \d\d:\d\d:\d\d/.test(await time.getAttribute("title")), "the exact time stands in no title")
  await accessible(page)
}

async function saysWhatIsWrong({ page }) {
  await page.getByLabel("Address or network").fill("10.0.0")
  await page.getByRole("button", { name: "Show" }).click()
  await page.getByRole("alert").getByText("Write an address").waitFor()
  expect(await page.getByLabel("Address or network").inputValue() === "10.0.0", "what was typed is lost")
  expect(await page.getByLabel("Card number").inputValue() === `${card}`, "another field is lost")
  await accessible(page)
  await page.getByRole("link", { name: "Show everything" }).click()
  await page.waitForURL(`**${AUDIT}`)
}

async function hasFiles({ page }) {
  for (const [name, begins] of [["CSV", "sequence,time,person,"], ["NDJSON", "{\"sequence\":"]]) {
    const began = page.waitForEvent("download")
    await page.getByRole("link", { name, exact: true }).click()
    const text = readFileSync(await (await began).path(), "utf8")
    expect(text.startsWith(begins), `${name} begins with ${text.slice(0, 40)}`)
  }
}

async function opensAText({ page, open }) {
  await open(`/${account}/cards/${card}/history`)
  const frame = page.locator("turbo-frame", { has: page.getByRole("link", { name: "The whole text" }) }).first()
  const id = await frame.getAttribute("id")
  const before = (await frame.innerText()).length
  await frame.getByRole("link", { name: "The whole text" }).click()
  await page.waitForFunction(([id, before]) => document.getElementById(id).innerText.length > 5 * before, [id, before])
  expect(page.url().endsWith("/history"), "the text was not opened in its place")
  await accessible(page)
}

async function choosesTheHeadByMail({ page, open }) {
  await open(AUDIT)
  await page.getByRole("radio", { name: "Every month" }).check()
  await page.getByRole("button", { name: "Save this choice" }).click()
  await page.getByText("Your choice is saved.").waitFor()
  expect(await page.getByRole("radio", { name: "Every month" }).isChecked(), "the choice is lost")
  await accessible(page)
}

async function worksPlainly({ page, open }) {
  await open(AUDIT)
  await page.locator(".sentence summary", { hasText: "anybody" }).click()
  await page.getByRole("link", { name: "You" }).click()
  await page.waitForURL(/creator_id=/)
  await page.getByLabel("From").fill("2199-01-01")
  await page.getByRole("button", { name: "Show" }).click()
  await page.getByText("Nothing of that sort").waitFor()
}

async function fits({ page }, path) {
  const answered = path.includes("soon") ? 422 : 200
  const response = await page.goto(`${people[0].server}${path}`)
  expect(response.status() === answered, `${path} answered ${response.status()}`)
  await accessible(page)
  const [shown, wide] = await page.evaluate(() => [document.documentElement.clientWidth, document.documentElement.scrollWidth])
  expect(wide <= shown, `${path} is ${wide} pixels wide on a screen of ${shown}`)
}
