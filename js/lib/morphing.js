// What a morph must leave as it is: the viewer's token, what they are typing, a details element
// they opened, what is shown to its author alone or to whom it is new, and the mark by which a stream element says that it
// is connected.
const HIDING = ["own", "unread"]

addEventListener("turbo:before-morph-attribute", event => {
  const { attributeName } = event.detail
  const element = event.target
  const typed = element.defaultValue !== undefined && element.value !== element.defaultValue
  if (attributeName === "value" && (typed || element.name === "authenticity_token")) event.preventDefault()
  if (element.localName === "details" && attributeName === "open") event.preventDefault()
  if (HIDING.includes(element.dataset.controller) && attributeName === "hidden") event.preventDefault()
  if (element.localName === "turbo-cable-stream-source" && attributeName === "connected") event.preventDefault()
  if (attributeName === "data-newest" && element.querySelector(":scope > [data-older]")) event.preventDefault()
})

// Lines that were loaded while scrolling stay when the page loads itself anew: nobody loses their place.
addEventListener("turbo:before-morph-element", event => {
  if (event.target.dataset.older !== undefined && !event.detail.newElement) event.preventDefault()
})
