// What there is in the account and who may see what, kept beside it; and the words that tell who saw
// what they may not: every text has a word of its own, which is kept from those who do not see it.

export const WORD = /xq\d+x/g

export class World {
  constructor({ account, owner, people }) {
    this.account = account
    this.owner = { ...owner, present: true, kept: new Map() }
    this.people = people.map((person) => ({ ...person, present: true, kept: new Map() }))
    this.boards = []
    // What was deleted: cards by their numbers, comments by their ids.
    this.lost = new Map()
    this.words = 0
  }

  get everybody() { return [this.owner, ...this.people] }
  get cards() { return this.boards.flatMap(({ cards }) => cards) }

  sees(person, board) {
    return person.present && (board.open || board.chosen.has(person))
  }

  boardsOf(person) {
    return this.boards.filter((board) => this.sees(person, board))
  }

  // A word for a text that is about to be written on a board.
  word(board, card) {
    const word = `xq${++this.words}x`
    for (const person of this.everybody) if (!this.sees(person, board)) person.kept.set(word, board)
    card?.words.push(word)
    return word
  }

  // Somebody is about to see a board: what was kept from them may be told from now on.
  reveal(board, person) {
    for (const [word, of] of person.kept) if (of === board) person.kept.delete(word)
  }

  // A card is about to stand on another board, with all that is written on it.
  carry(card, to) {
    for (const person of this.everybody) {
      if (this.sees(person, to)) card.words.forEach((word) => person.kept.delete(word))
    }
  }

  // A card stands on a board now, and on no other.
  put(card, id) {
    for (const board of this.boards) {
      board.cards = board.cards.filter((other) => other !== card)
      if (board.id === id) board.cards.push(Object.assign(card, { board }))
    }
  }

  // The words in a text that somebody may not see.
  kept(person, text) {
    return (text.match(WORD) ?? []).filter((word) => person.kept.has(word))
  }
}
