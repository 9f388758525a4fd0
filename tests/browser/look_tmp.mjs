import { launch } from "./lib/chromium.mjs"
const [,, link, out] = process.argv
const base = new URL(link).origin
const browser = await launch()
for (const [scheme, width] of [["light", 1280], ["dark", 390]]) {
  const page = await browser.newPage({ colorScheme: scheme, viewport: { width, height: 900 } })
  await page.goto(link)
  const slug = new URL(page.url()).pathname.split("/")[1]
  await page.goto(`${base}/${slug}/webhooks`)
  let first = page.locator(".endpoint h3 a").first()
  if (await first.count() === 0) {
    await page.fill("input[name=url]", "http://127.0.0.1:9/hook")
    await page.check("input[name=events][value='*']").catch(() => page.check("input[name=events] >> nth=0"))
    await page.click("form.panel button.button--ink, main form button[type=submit]:not([name])")
    await page.goto(`${base}/${slug}/webhooks`)
    first = page.locator(".endpoint h3 a").first()
  }
  await first.click()
  await page.waitForURL(/webhooks\/[0-9a-f]/)
  await page.screenshot({ path: `${out}/endpoint-${scheme}.png`, fullPage: true })
  await page.goto(page.url().split("?")[0] + "/replays")
  await page.click("button[name=count]")
  await page.waitForSelector("#count")
  await page.screenshot({ path: `${out}/count-${scheme}.png`, fullPage: true })
  await page.getByRole("button", { name: "Send them" }).click()
  await page.waitForSelector(".replay")
  await page.screenshot({ path: `${out}/replays-${scheme}.png`, fullPage: true })
  await page.getByRole("button", { name: "Cancel" }).first().click().catch(() => {})
}
await browser.close()
