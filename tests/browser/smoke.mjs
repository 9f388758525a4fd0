// A page that anybody can open loads in a browser, accessible and without a breach of its policy.

import { given, journey, unharmed } from "./lib/journey.mjs"

await journey(async (enter) => {
  const visitor = await enter(given.people[0])
  for (const path of given.paths) await visitor.open(path)
  unharmed(visitor)
})
