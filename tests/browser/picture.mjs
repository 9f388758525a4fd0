// The picture in the README: `node picture.mjs <one-click sign-in> <file>`.

import { launch } from "./lib/chromium.mjs"

const [signIn, file] = process.argv.slice(2)
const browser = await launch()
const page = await browser.newPage({ viewport: { width: 1280, height: 760 }, colorScheme: "light" })
await page.goto(signIn)
await page.getByRole("link", { name: "Spring catalogue" }).first().click()
await page.locator("#live_status[data-state=live]").waitFor()
await page.screenshot({ path: file })
await browser.close()
