// What a morph must leave as it is: the viewer's token, a details element the viewer opened,
// and the mark by which a stream element says that it is connected.
addEventListener("turbo:before-morph-attribute", event => {
  const { attributeName } = event.detail
  const element = event.target
  if (element.name === "authenticity_token" && attributeName === "value") event.preventDefault()
  if (element.localName === "details" && attributeName === "open") event.preventDefault()
  if (element.localName === "turbo-cable-stream-source" && attributeName === "connected") event.preventDefault()
})
