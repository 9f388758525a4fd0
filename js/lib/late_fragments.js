// A fragment is for the page that it came to. Turbo renders it at the next repaint, when another page may
// stand there that has an element of the same name: that one is told by its own streams.
addEventListener("turbo:before-stream-render", event => {
  const page = document.body
  const { render } = event.detail
  event.detail.render = stream => {
    if (document.body === page) return render(stream)
  }
})
