// What people do, through the API.

const UNDONE = ["card.updated", "card.moved", "card.reordered", "card.moved_to_board", "card.closed", "card.deleted",
  "comment.edited", "comment.deleted"].map((kind) => `&kind=${kind}`).join("")

export class Verbs {
  constructor(world, program, chance) {
    Object.assign(this, { world, program, chance })
  }

  async createBoard(open) {
    const { world, program } = this
    const { owner } = world
    const board = { open: true, chosen: new Set(), columns: [], cards: [], archived: false }
    const access = open ? "everyone" : "chosen"
    if (!open) Object.assign(board, { open: false, chosen: new Set([owner]) })
    board.id = (await program.get(owner, "POST", "boards", { name: `Board ${world.word(board)}`, access })).id
    world.boards.push(board)
    for (const _ of [1, 2, 3]) await this.addColumn(owner, board)
    for (const _ of [1, 2, 3, 4]) await this.addCard(owner, board)
  }

  // Something small by anybody who may: chosen by chance, refused or not.
  async act() {
    const { world, chance } = this
    const actor = chance.pick(world.everybody.filter(({ present, token }) => present && token))
    const board = chance.pick(world.boardsOf(actor))
    if (!board) return
    const verb = chance.weighed(this.table())
    const card = chance.pick(board.cards.length ? board.cards : [null])
    if (verb.length === 3 && !card) return this.addCard(actor, board)
    await verb.call(this, actor, board, card)
  }

  table() {
    return [
      [4, this.addCard], [8, this.moveCard], [4, this.editCard], [6, this.comment], [3, this.editComment],
      [2, this.deleteComment], [2, this.closeCard], [2, this.reopenCard], [1, this.deleteCard], [3, this.tag],
      [3, this.assign], [2, this.moveToBoard], [2, this.renameBoard], [1, this.archive], [1, this.addColumn],
      [1, this.editColumn], [1, this.moveColumn], [1, this.removeColumn], [5, this.undo],
    ]
  }

  async addColumn(actor, board) {
    const name = `Column ${this.world.word(board)}`
    const made = await this.program.ask(actor, "POST", `boards/${board.id}/columns`, { name })
    if (made) board.columns.push(made.id)
  }

  async editColumn(actor, board) {
    const changes = { name: `Column ${this.world.word(board)}` }
    await this.program.ask(actor, "PATCH", `boards/${board.id}/columns/${this.chance.pick(board.columns)}`, changes)
  }

  async moveColumn(actor, board) {
    const move = { position: this.chance.below(3) }
    await this.program.ask(actor, "POST", `boards/${board.id}/columns/${this.chance.pick(board.columns)}/moves`, move)
  }

  async removeColumn(actor, board) {
    if (board.columns.length < 4) return
    const [gone, heir] = board.columns
    const done = await this.program.ask(actor, "DELETE", `boards/${board.id}/columns/${gone}?to_column_id=${heir}`)
    if (done) board.columns.shift()
  }

  async addCard(actor, board) {
    const card = { board, words: [], comments: [] }
    const title = `Card ${this.world.word(board, card)}`
    const made = await this.program.ask(actor, "POST", `boards/${board.id}/cards`, { title, column_id: this.chance.pick(board.columns) })
    if (made) board.cards.push(Object.assign(card, { number: made.number }))
  }

  async moveCard(actor, board, card) {
    const move = { column_id: this.chance.pick(board.columns), position: this.chance.below(4) }
    await this.program.ask(actor, "POST", `cards/${card.number}/moves`, move)
  }

  async editCard(actor, board, card) {
    const text = `Words ${this.world.word(board, card)}`
    const changes = this.chance.below(2) ? { title: text } : { description: text }
    await this.program.ask(actor, "PATCH", `cards/${card.number}`, changes)
  }

  async comment(actor, board, card) {
    const body = `A comment ${this.world.word(board, card)}`
    const made = await this.program.ask(actor, "POST", `cards/${card.number}/comments`, { body })
    if (made) card.comments.push({ id: made.id, by: actor })
  }

  async editComment(actor, board, card) {
    const comment = card.comments.find(({ by }) => by === actor)
    if (!comment) return this.comment(actor, board, card)
    const body = `Changed ${this.world.word(board, card)}`
    await this.program.ask(actor, "PATCH", `cards/${card.number}/comments/${comment.id}`, { body })
  }

  async deleteComment(actor, board, card) {
    const comment = card.comments.find(({ by }) => by === actor)
    if (!comment) return this.comment(actor, board, card)
    const done = await this.program.ask(actor, "DELETE", `cards/${card.number}/comments/${comment.id}`)
    if (!done) return
    card.comments = card.comments.filter((other) => other !== comment)
    this.world.lost.set(comment.id, comment)
  }

  async closeCard(actor, board, card) {
    await this.program.ask(actor, "POST", `cards/${card.number}/closure`)
  }

  async reopenCard(actor, board, card) {
    await this.program.ask(actor, "DELETE", `cards/${card.number}/closure`)
  }

  async deleteCard(actor, board, card) {
    const done = await this.program.ask(actor, "DELETE", `cards/${card.number}`)
    if (!done) return
    board.cards = board.cards.filter((other) => other !== card)
    this.world.lost.set(card.number, card)
  }

  // One of the newest things that happened on the board and can be undone.
  async undo(actor, board) {
    const told = await this.program.get(actor, "GET", `activities?board_id=${board.id}&limit=60${UNDONE}`)
    if (told.length === 0) return
    const deleted = told.filter(({ event }) => event.endsWith(".deleted"))
    const { id, card_number, data } = this.chance.pick(deleted.length && this.chance.below(2) ? deleted : told)
    const lost = this.world.lost.get(card_number)
    const card = this.world.cards.find(({ number }) => number === card_number) ?? lost
    if (card) this.world.carry(card, board)
    const done = await this.program.ask(actor, "POST", `events/${id}/restoration`, {})
    if (!done) return
    const comment = this.world.lost.get(data.comment_id)
    if (comment) card.comments.push(comment)
    for (const thing of [card_number, data.comment_id]) this.world.lost.delete(thing)
    this.world.put(card, done.board_id)
  }

  async tag(actor, board, card) {
    await this.program.ask(actor, "POST", `cards/${card.number}/tags`, { name: `tag ${this.chance.below(4)}` })
  }

  async assign(actor, board, card) {
    const { id } = this.chance.pick(this.world.everybody)
    if (this.chance.below(2)) return this.program.ask(actor, "DELETE", `cards/${card.number}/assignments/${id}`)
    await this.program.ask(actor, "POST", `cards/${card.number}/assignments`, { user_id: id })
  }

  async moveToBoard(actor, board, card) {
    const to = this.chance.pick(this.world.boardsOf(actor))
    if (to === board) return this.moveCard(actor, board, card)
    this.world.carry(card, to)
    const done = await this.program.ask(actor, "POST", `cards/${card.number}/board_moves`, { board_id: to.id })
    if (!done) return
    board.cards = board.cards.filter((other) => other !== card)
    to.cards.push(Object.assign(card, { board: to }))
  }

  async renameBoard(actor, board) {
    await this.program.ask(actor, "PATCH", `boards/${board.id}`, { name: `Board ${this.world.word(board)}` })
  }

  // Or back: an archived board is soon missed.
  async archive(actor, board) {
    const done = await this.program.ask(actor, board.archived ? "DELETE" : "POST", `boards/${board.id}/archival`)
    if (done) board.archived = !board.archived
  }
}
