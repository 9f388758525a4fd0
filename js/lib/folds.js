// Small changes in a row, by one person on one card and within ten minutes of each other, as one line that opens.
const APART_MS = 600_000

// Folds what goes together; `opened` holds the oldest line of each group that stands open.
export function fold(lines, opened) {
  for (const group of groups(lines)) {
    const key = group.at(-1).id
    const open = opened.has(key)
    const [newest, ...others] = group
    newest.classList.add("activity--folds", "fold")
    newest.append(button(key, others.length, open))
    for (const line of others) {
      line.hidden = !open
      line.classList.add("activity--folded")
    }
  }
}

// A line as the server wrote it.
export function unfold(line) {
  line.classList.remove("activity--folds", "fold", "activity--folded")
  line.hidden = false
  line.querySelector(":scope > .fold__button")?.remove()
}

function groups(lines) {
  const groups = []
  for (const line of lines) {
    const group = groups.at(-1)
    if (group && together(group.at(-1), line)) group.push(line)
    else groups.push([line])
  }
  return groups.filter(group => group.length > 1)
}

function together(newer, older) {
  const same = name => newer.dataset[name] !== undefined && newer.dataset[name] === older.dataset[name]
  if (newer.nextElementSibling !== older) return false
  return same("folds") && same("card") && same("creator") && at(newer) - at(older) < APART_MS
}

function button(key, others, open) {
  const button = document.createElement("button")
  button.type = "button"
  button.className = "fold__button"
  button.id = `fold_${key}`
  button.setAttribute("aria-expanded", open)
  button.dataset.action = "feed#toggleFold"
  button.dataset.feedGroupParam = key
  button.textContent = others === 1 ? "and one small change before" : `and ${others} small changes before`
  return button
}

const at = line => new Date(line.querySelector("time").dateTime)
