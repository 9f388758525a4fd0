// Without JavaScript: a board, a column, a card, its move, its edit, a comment, whose work it is,
// a tag, its closing and its deletion by plain forms.

import { expect, given, journey } from "./lib/journey.mjs"

const { account, people } = given

await journey(async (enter) => {
  const { page, open } = await enter(people[0], { javaScriptEnabled: false })
  const submit = (form) => form.locator("button[type=submit], button:not([type])").first().click()

  const unfold = async (form) => {
    if (!(await form.isVisible())) await form.locator("xpath=ancestor::details[1]/summary").click()
  }

  await open(`/${account}/boards/new`)
  const newBoard = page.locator("form", { has: page.locator("[name=name]") })
  await newBoard.locator("[name=name]").fill("Plain board")
  await submit(newBoard)
  const board = page.url()
  expect(/\/boards\/[0-9a-f-]{36}/.test(board), `no board at ${board}`)
  for (const name of ["To do", "Doing"]) {
    const newColumn = page.locator("form[action$='/columns']")
    await unfold(newColumn)
    await newColumn.locator("[name=name]").fill(name)
    await submit(newColumn)
  }
  const newCard = page.locator("form[action$='/cards']").first()
  await unfold(newCard)
  await newCard.locator("[name=title]").fill("Write the letter")
  await submit(newCard)
  await page.getByRole("link", { name: "Write the letter" }).first().click()

  const card = new URL(page.url()).pathname
  await page.locator("form[action$='/moves']").getByRole("button", { name: "Doing" }).click()
  await page.goto(`${people[0].server}${card}/edit`)
  const edit = page.locator("form", { has: page.locator("[name=description]") })
  await edit.locator("[name=title]").fill("Write the long letter")
  await submit(edit)
  const comment = page.locator("form[action$='/comments']")
  await comment.locator("[name=body]").fill("It reads well.")
  await submit(comment)

  const assign = page.locator("form[action$='/assignments']")
  await unfold(assign)
  await submit(assign)
  const tag = page.locator("form[action$='/tags']")
  await unfold(tag)
  await tag.locator("[name=name]").fill("print")
  await submit(tag)
  await page.getByRole("button", { name: "Close" }).click()
  await page.getByText("Closed", { exact: true }).waitFor()
  await page.getByRole("button", { name: "Reopen" }).click()

  const text = await page.locator("main").innerText()
  for (const shown of ["Write the long letter", "It reads well.", "print", "reopened"]) {
    expect(text.includes(shown), `the page does not show “${shown}”: ${text}`)
  }
  await page.goto(`${people[0].server}${card}/history`)
  const history = await page.locator("main").innerText()
  expect(/Doing/.test(history) && /Write the long letter/.test(history), `the history lacks something: ${history}`)

  await page.goto(`${people[0].server}${card}/deletion`)
  await page.getByRole("button", { name: "Delete the card" }).click()
  await page.waitForURL(board)
  const left = await page.locator(".board__columns").innerText()
  expect(!left.includes("Write the long letter"), `the board still shows it: ${left}`)
})
