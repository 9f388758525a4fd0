// A receiver of webhooks, as somebody would write one: it checks each call with the official library.

import { createHmac } from "node:crypto"
import { createServer } from "node:http"
import { Webhook } from "standardwebhooks"

// Listens on a free port; `event(name)` waits for a call about such an event and gives it checked.
export async function listen() {
  const calls = []
  let arrived = () => {}
  const server = createServer((request, response) => {
    const chunks = []
    request.on("data", (chunk) => chunks.push(chunk))
    request.on("end", () => {
      calls.push({ headers: request.headers, body: Buffer.concat(chunks) })
      response.writeHead(204).end()
      arrived()
    })
  })
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve))
  const url = `http://127.0.0.1:${server.address().port}/hook`

  const event = async (name, secret) => {
    const deadline = AbortSignal.timeout(20_000)
    for (;;) {
      const call = calls.find(({ body }) => JSON.parse(body).event === name)
      if (call) return verify(call, secret)
      await new Promise((resolve, reject) => {
        arrived = resolve
        deadline.onabort = () => reject(new Error(`no call about ${name}; there were ${calls.length}`))
      })
    }
  }
  // It keeps nobody waiting who has gone home.
  server.unref()
  return { url, event }
}

function verify({ headers, body }, secret) {
  const payload = new Webhook(secret).verify(body, headers)
  const plain = createHmac("sha256", secret).update(body).digest("hex")
  if (headers["x-webhook-signature"] !== plain) throw new Error("X-Webhook-Signature is not the HMAC of the body")
  return payload
}
