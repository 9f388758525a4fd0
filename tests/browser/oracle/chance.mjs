// Chance that can be had again: the same seed gives the same numbers.

export function chance(seed) {
  let state = seed >>> 0

  // Mulberry32: 32 bits of state, each number well mixed from the next of them.
  const number = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const below = (end) => number() % end
  const pick = (list) => list[below(list.length)]

  // One of some [weight, thing] by weight.
  const weighed = (table) => {
    let at = below(table.reduce((sum, [weight]) => sum + weight, 0))
    return table.find(([weight]) => (at -= weight) < 0)[1]
  }
  return { below, pick, weighed }
}
