// The oracle: what a page shows, without what may differ between a live page and a fresh one.

// Attributes that controllers, the focus and the content security policy put on.
const IGNORED = ["nonce", "data-new", "data-connected", "aria-busy", "connected"]

export async function shown(page) {
  return page.evaluate((ignored) => {
    const copy = document.querySelector("main").cloneNode(true)
    // Tokens, signed names and relative times are made anew for every page.
    copy.querySelectorAll("script, turbo-cable-stream-source, input[name=authenticity_token], [data-presence]")
      .forEach((element) => element.remove())
    copy.querySelectorAll("time").forEach((time) => { time.textContent = ""; time.removeAttribute("title") })
    for (const element of copy.querySelectorAll("*")) {
      ignored.forEach((name) => element.removeAttribute(name))
    }
    return copy.innerHTML.replace(/\s+/g, " ").replace(/>( ?)</g, ">\n$1<")
  }, IGNORED)
}

// The live page equals a fresh one, now or as soon as what is under way has arrived.
export async function equalsFresh(person, path) {
  const { page, context, server } = person
  const fresh = await context.newPage()
  const deadline = Date.now() + 20_000
  for (;;) {
    await fresh.goto(`${server}${path}`)
    await fresh.waitForFunction(() => document.readyState === "complete")
    const [live, anew] = [await shown(page), await shown(fresh)]
    if (live === anew) return fresh.close()
    if (Date.now() > deadline) throw new Error(`the live page differs from a fresh one:\n${difference(live, anew)}`)
  }
}

function difference(live, anew) {
  const [here, there] = [live.split("\n"), anew.split("\n")]
  const at = here.findIndex((line, index) => line !== there[index])
  return `live:  ${here.slice(at, at + 3).join("\n       ")}\nfresh: ${there.slice(at, at + 3).join("\n       ")}`
}
