// A history by chance: people change things, lose sight of them and get it back, servers crash, lines
// break, and some watch with one client or another. When all is quiet, each page equals a fresh one.

import { clients } from "./clients/index.mjs"
import { ask, given, journey, unharmed } from "./lib/journey.mjs"
import { chance as chanceOf } from "./oracle/chance.mjs"
import { Program } from "./oracle/program.mjs"
import { Sight } from "./oracle/sight.mjs"
import { Verbs } from "./oracle/verbs.mjs"
import { Watcher } from "./oracle/watcher.mjs"
import { World } from "./oracle/world.mjs"

const ROUNDS = 3
const STEPS = 30

const { account, seed } = given
const chance = chanceOf(seed)
const servers = given.servers.map((address, number) => ({ address, number, alive: true }))
const world = new World(given)
const program = new Program(account, servers, chance)
const verbs = new Verbs(world, program, chance)
const sight = new Sight(world, program, chance)

await journey(async (enter) => {
  await verbs.createBoard(true)
  await verbs.createBoard(false)
  const watchers = await everybodyWatches(enter)
  for (let round = 1; round <= ROUNDS; round++) {
    for (let step = 0; step < STEPS; step++) await take(watchers)
    await quiet(watchers)
    console.log(`round ${round} of seed ${seed}: every page equals a fresh one`)
  }
  unharmed(...watchers.map(harm))
})

// A page whose line broke says that it could not fetch; that harms nobody.
function harm({ name, entered }) {
  return { name, faults: entered.faults.filter((fault) => !/Failed to fetch|network error|AbortError/.test(fault)) }
}

// Which client is whose differs from seed to seed.
async function everybodyWatches(enter) {
  const known = await clients()
  return Promise.all(world.people.map(async (person, number) => {
    const watcher = await Watcher.enter(enter, world, person, known[(number + seed) % known.length], servers)
    await watcher.open(`boards/${world.boards[0].id}`)
    return watcher
  }))
}

async function take(watchers) {
  const watcher = chance.pick(watchers)
  await chance.weighed([
    [12, () => verbs.act()],
    [3, () => sight.change()],
    [5, () => watcher.visit(watcher.somewhere(chance))],
    [3, () => watcher.back()],
    [2, () => watcher.comment()],
    [2, () => cut(watcher)],
    [1, () => tearOrMend(watcher)],
    [1, () => crashOrStart()],
  ])()
}

function cut({ name, line }) {
  console.log(`the line of ${name} is cut`)
  line.cut()
}

function tearOrMend({ name, line }) {
  console.log(`the line of ${name} is ${line.down ? "mended" : "torn"}`)
  if (line.down) line.mend()
  else line.tear()
}

// One of them always lives.
async function crashOrStart() {
  const dead = servers.find(({ alive }) => !alive)
  if (dead) return start(dead)
  const server = chance.pick(servers)
  server.alive = false
  console.log(`server ${server.number} crashes`)
  await ask(`kill ${server.number}`)
}

async function start(server) {
  console.log(`server ${server.number} is started again`)
  await ask(`start ${server.number}`)
  server.alive = true
}

async function quiet(watchers) {
  for (const server of servers.filter(({ alive }) => !alive)) await start(server)
  for (const { line } of watchers) line.mend()
  await Promise.all(watchers.map((watcher) => watcher.equalsFresh()))
  for (const watcher of watchers) await watcher.sawNothingElse()
}
