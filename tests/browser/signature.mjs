// Calls as a receiver on Node checks them: with the public key by what Node brings, or with the
// secret by the official library.

import { createPublicKey, verify } from "node:crypto"
import { Webhook } from "standardwebhooks"

const { calls } = JSON.parse(process.env.JOURNEY)

for (const { body, headers, publicKeys = [], secrets = [] } of calls) {
  for (const key of publicKeys) {
    if (!isSigned(headers, body, key)) throw new Error(`${key} did not sign ${headers["webhook-signature"]}`)
    if (isSigned(headers, `${body} `, key)) throw new Error("another body was taken")
    const later = { ...headers, "webhook-timestamp": String(Number(headers["webhook-timestamp"]) + 1) }
    if (isSigned(later, body, key)) throw new Error("another time was taken")
  }
  for (const secret of secrets) new Webhook(secret).verify(body, headers)
}

function isSigned(headers, body, publicKey) {
  const raw = Buffer.from(publicKey.replace(/^whpk_/, ""), "base64")
  const jwk = { kty: "OKP", crv: "Ed25519", x: raw.toString("base64url") }
  const key = createPublicKey({ key: jwk, format: "jwk" })
  const message = Buffer.from(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`)
  const tokens = headers["webhook-signature"].split(" ").map((token) => token.split(","))
  return tokens.some(([version, signature]) => version === "v1a" && verify(null, message, key, Buffer.from(signature, "base64")))
}
