// The oracle: what a page shows, without what may differ between a live page and a fresh one.

// Attributes that controllers, the focus and the content security policy put on.
const IGNORED = ["nonce", "data-new", "data-connected", "aria-busy", "connected", "data-feed-seen-value"]

// What is made anew for every page, or is about this very visit: tokens, signed names, answers, presence.
const PASSING = ["script", "turbo-cable-stream-source", "turbo-stream-source", "input[name=authenticity_token]",
  "#flashes", "#announcements", "#live_status", "#since", "[data-presence]"].join()

// What no stream tells yet: which tags, boards and people one can choose from, and where older lines
// begin once a feed has grown beyond a page.
const UNTOLD = ["datalist option", ".sentence li", "[data-controller~=older]"].join()

export async function shown(page) {
  return page.evaluate(([ignored, passing]) => {
    const copy = document.body.cloneNode(true)
    copy.querySelectorAll(passing).forEach((element) => element.remove())
    copy.querySelectorAll("time").forEach((time) => { time.textContent = "" })
    for (const element of copy.querySelectorAll("*")) {
      ignored.forEach((name) => element.removeAttribute(name))
      // A morph keeps the order in which attributes were first written, which means nothing.
      const attributes = [...element.attributes].sort((one, other) => one.name < other.name ? -1 : 1)
      for (const attribute of attributes) element.setAttributeNode(element.removeAttributeNode(attribute))
    }
    return `${document.title}\n${copy.innerHTML.replace(/\s+/g, " ").replace(/>( ?)</g, ">\n$1<")}`
  }, [IGNORED, `${PASSING}, ${UNTOLD}`])
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

export function difference(live, anew) {
  const [here, there] = [live.split("\n"), anew.split("\n")]
  const at = here.findIndex((line, index) => line !== there[index])
  return `live:  ${here.slice(at, at + 3).join("\n       ")}\nfresh: ${there.slice(at, at + 3).join("\n       ")}`
}
