// A receiver of webhooks in Node. `npm install standardwebhooks`, then
// WEBHOOK_SECRET=whsec_… PORT=4000 node receiver.mjs

import { createHmac, timingSafeEqual } from "node:crypto"
import { createServer } from "node:http"
import { Webhook } from "standardwebhooks"

const secret = process.env.WEBHOOK_SECRET
const seen = new Set() // in earnest a table whose ids are unique

// With the library: signature and time, over the bytes as they came.
function checksWithLibrary(headers, body) {
  try {
    new Webhook(secret).verify(body, headers)
    return true
  } catch {
    return false
  }
}

// By hand, if you would rather have no library. While a secret is rotated there are two.
function checksByHand(headers, body) {
  const expected = Buffer.from(createHmac("sha256", secret).update(body).digest("hex"))
  return ["x-webhook-signature", "x-webhook-signature-next"].some((name) => {
    const given = Buffer.from(headers[name] ?? "")
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
}

const server = createServer(async (request, response) => {
  const chunks = await request.toArray()
  const body = Buffer.concat(chunks)
  const { headers } = request
  // One of the two is enough.
  if (!checksWithLibrary(headers, body) || !checksByHand(headers, body)) return response.writeHead(401).end()
  // The same event may come again, with the same id.
  if (!seen.has(headers["webhook-id"])) {
    const { id, event, data } = JSON.parse(body)
    console.log(event, id, JSON.stringify(data))
    seen.add(headers["webhook-id"])
  }
  response.writeHead(204).end()
})

server.listen(process.env.PORT ?? 4000, "127.0.0.1", () => console.log(`listening on ${server.address().port}`))
