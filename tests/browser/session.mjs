// Signing in leads to the page that was asked for; a card read on one page is news on no other; signing out
// everywhere is over in every browser.

import { isWatching, mark, wasNotReloaded } from "./lib/board.mjs"
import { ask, expect, given, journey, unharmed } from "./lib/journey.mjs"

const { account, card, title, people, email, password } = given
const path = `/${account}/cards/${card}`

await journey(async (enter) => {
  const visitor = { ...people[1], cookies: {} }
  const plain = await enter({ ...visitor, name: "without JavaScript" }, { javaScriptEnabled: false })
  const first = await enter({ ...visitor, name: "at home" })
  for (const person of [plain, first]) {
    await person.open(path)
    await signIn(person.page)
    await person.page.getByRole("heading", { name: title }).waitFor()
    expect(new URL(person.page.url()).pathname === path, `signing in led to ${person.page.url()}`)
  }

  await first.open(`/${account}`)
  await isWatching(first.page)
  await mark(first.page)
  await ask("a comment")
  const count = first.page.locator("#notice_count .bell__count")
  await count.waitFor()
  await plain.open(path)
  await count.waitFor({ state: "detached" })
  expect(await wasNotReloaded(first.page), "the page was loaded anew")

  await plain.open(`/${account}/profile`)
  await plain.page.getByRole("button", { name: "Sign out everywhere" }).click()
  for (const person of [plain, first]) {
    await person.open(`/${account}`)
    expect(new URL(person.page.url()).pathname === "/session", `still signed in ${person.name}`)
  }
  unharmed(plain, first)
})

async function signIn(page) {
  await page.locator("[name=email]").fill(email)
  await page.locator("[name=password]").fill(password)
  await page.getByRole("button", { name: "Sign in" }).click()
}
