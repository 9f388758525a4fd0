// Somebody who looks at pages that change by themselves, and what they do meanwhile.

import { difference, shown } from "../lib/dom.mjs"
import { draw } from "./line.mjs"
import { record } from "./record.mjs"

// How long it may take until a page is what a fresh one is.
const PATIENCE_MS = 30_000

export class Watcher {
  static async enter(enter, world, person, client, servers) {
    const watcher = new Watcher()
    const hear = (text) => watcher.heard.push(...world.kept(person, text))
    const line = await draw(servers, client, hear)
    const entered = await enter({ ...person, name: `${person.name} with ${client.name}`, server: line.address })
    // Older lines that come by scrolling make a feed longer than a fresh one: another journey's matter.
    await entered.context.route(/[?&]before=/, (route) => route.abort())
    watcher.said = record(entered.page)
    return Object.assign(watcher, { world, person, line, entered, name: entered.name, heard: [], page: entered.page })
  }

  // One of the pages that change by themselves.
  somewhere(chance) {
    const { world, person } = this
    const board = chance.pick(world.boardsOf(person))
    const feeds = ["activity", "activity?kind=comment.*", `members/${world.owner.id}`]
    if (!board) return chance.pick(feeds)
    const card = chance.pick(board.cards.length ? board.cards : [null])
    return chance.weighed([
      [4, `boards/${board.id}`], [4, card ? `cards/${card.number}` : "activity"],
      [2, `boards/${board.id}/activity`], [2, chance.pick(feeds)],
    ])
  }

  async open(path) {
    await this.page.goto(`${this.line.address}/${this.world.account}/${path}`)
  }

  // Nobody waits for the page: what happens meanwhile happens meanwhile.
  async visit(path) {
    console.log(`${this.name} visits ${path}`)
    await this.run((to) => { window.Turbo?.visit(to) }, `/${this.world.account}/${path}`)
  }

  async back() {
    console.log(`${this.name} goes back`)
    await this.run(() => { if (history.state?.turbo?.restorationIndex > 0) history.back() })
  }

  // A page that is being loaded takes no orders.
  async run(order, argument) {
    await this.page.evaluate(order, argument).catch((error) => console.log(`${this.name}: ${error.message.split("\n")[0]}`))
  }

  // Comments by the form of the page, if it shows a card.
  async comment() {
    const [, number] = this.page.url().match(/\/cards\/(\d+)$/) ?? []
    const card = this.world.cards.find((card) => card.number === Number(number))
    if (!card) return
    const body = `By the page ${this.world.word(card.board, card)}`
    console.log(`${this.name} comments on ${number}: ${body}`)
    const answered = this.page.waitForResponse((response) => response.url().endsWith("/comments"), { timeout: 3_000 }).catch(() => {})
    await this.run((text) => {
      const form = document.querySelector("#new_comment")
      if (!form) return
      form.elements.body.value = text
      form.requestSubmit()
    }, body)
    await answered
  }

  // When all is quiet, what they see is what a fresh page shows.
  async equalsFresh() {
    const { page, entered } = this
    const fresh = await entered.context.newPage()
    const deadline = Date.now() + PATIENCE_MS
    for (;;) {
      const url = page.url()
      const said = await this.differs(fresh, url).catch((error) => `${error}`)
      if (!said) break
      if (Date.now() > deadline) throw new Error(`${this.name} at ${url}: the live page differs from a fresh one:\n${said}\n${this.said()}`)
    }
    await fresh.close()
  }

  async differs(fresh, url) {
    // What was being loaded when the line broke is asked for again, as people do.
    if (url.startsWith("chrome-error:")) return `${await this.page.reload()}`
    await fresh.goto(url)
    const anew = await shown(fresh)
    if (await streams(fresh) > 0 && await streams(this.page) === 0) await this.page.reload()
    const live = await shown(this.page)
    return live === anew ? null : difference(live, anew)
  }

  // Nothing came that they may not see, and nothing of it stands there.
  async sawNothingElse() {
    const shows = this.world.kept(this.person, await this.page.content())
    if (shows.length > 0) throw new Error(`${this.name} at ${this.page.url()} sees ${shows}, which they may not`)
    if (this.heard.length > 0) throw new Error(`${this.name} was told ${this.heard}, which they may not see`)
  }
}

const streams = (page) => page.locator("turbo-cable-stream-source, turbo-stream-source").count()
