// What an admin does while they write a receiver: count, try out, check a signature; by day and by night.

import { accessible, given, journey, unharmed } from "./lib/journey.mjs"

await journey(async (enter) => {
  for (const colorScheme of ["light", "dark"]) await walk(await enter(given.people[0], { colorScheme }))
})

async function walk(person) {
  const { page } = person
  await person.open(`/${given.account}/webhooks/${given.endpoint}/edit`)
  await page.getByRole("button", { name: "How many would it hear of?" }).click()
  await page.locator("#dry_run").getByText("In the last 7 days").waitFor()

  await person.open(`/${given.account}/webhooks/${given.endpoint}/tests`)
  await page.getByLabel("What is sent").selectOption("comment.added")
  await page.getByRole("button", { name: "Call it now" }).click()
  await page.getByText("It was taken").waitFor()

  await person.open(`/${given.account}/webhooks/${given.endpoint}/signature_checks`)
  await page.getByLabel("Headers").fill(given.headers)
  await page.getByLabel("Body").fill(given.body)
  await page.getByLabel("The secret it checks with").fill(given.secret)
  await page.getByRole("button", { name: "Check it" }).click()
  await page.getByText("All is well").waitFor()
  if (page.url().includes(given.secret) || (await page.content()).includes(given.secret)) throw new Error("the secret is shown again")

  await person.open(`/${given.account}/webhooks/${given.endpoint}/deliveries/${given.delivery}/curl`)
  await page.getByText("--data-binary").waitFor()

  await person.open(`/${given.account}/webhooks/${given.endpoint}?status=delivered`)
  await page.getByText("delivered deliveries").click()
  await page.getByRole("link", { name: "Failed", exact: true }).waitFor()
  await page.keyboard.press("Escape")
  await page.locator(".delivery > details > summary").first().click()
  await page.locator(".delivery details[open] .attempt__details summary").first().click()
  await accessible(page)
  await page.locator(".delivery details[open]").getByText("What happened").click()
  await page.getByRole("heading", { name: "Deliveries of an event" }).waitFor()
  await accessible(page)
  unharmed(person)
}
