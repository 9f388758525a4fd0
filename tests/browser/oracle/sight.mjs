// Who may see what changes: boards are closed and opened, people chosen, removed and invited again.

import { ask } from "../lib/journey.mjs"

export class Sight {
  constructor(world, program, chance) {
    Object.assign(this, { world, program, chance })
  }

  async change() {
    const { chance, world } = this
    const [board, person] = [chance.pick(world.boards), chance.pick(world.people)]
    // On an archived board nothing changes.
    if (board.archived) return
    const away = world.people.filter(({ present }) => !present)
    if (away.length > 0 && chance.below(2)) return this.invite(chance.pick(away))
    if (chance.below(5) === 0 && person.present) return this.remove(person)
    if (board.open) return this.close(board)
    if (chance.below(4) === 0) return this.open(board)
    if (!person.present) return
    await (board.chosen.has(person) ? this.revoke(board, person) : this.grant(board, person))
  }

  // Only those who were chosen see it from now on, among them whoever closed it.
  async close(board) {
    await this.program.get(this.world.owner, "DELETE", `boards/${board.id}/accesses/everyone`)
    board.open = false
    board.chosen.add(this.world.owner)
  }

  async open(board) {
    for (const person of this.world.people.filter(({ present }) => present)) this.world.reveal(board, person)
    await this.program.get(this.world.owner, "POST", `boards/${board.id}/accesses`, { user_id: "everyone" })
    board.open = true
  }

  async grant(board, person) {
    this.world.reveal(board, person)
    await this.program.get(this.world.owner, "POST", `boards/${board.id}/accesses`, { user_id: person.id })
    board.chosen.add(person)
  }

  async revoke(board, person) {
    await this.program.get(this.world.owner, "DELETE", `boards/${board.id}/accesses/${person.id}`)
    board.chosen.delete(person)
  }

  // Their tokens end with it: whoever comes back acts by pages alone.
  async remove(person) {
    await this.program.get(this.world.owner, "DELETE", `members/${person.id}`)
    Object.assign(person, { present: false, token: null })
    for (const board of this.world.boards) board.chosen.delete(person)
  }

  async invite(person) {
    console.log(`${person.name} is invited again`)
    person.present = true
    for (const board of this.world.boardsOf(person)) this.world.reveal(board, person)
    await ask(`invite ${person.id}`)
  }
}
