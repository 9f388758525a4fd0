// Checks an archive of a log by what its documentation says alone; says what is wrong, exit status 1.

import assert from "node:assert"
import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"

const [heading, ...lines] = readFileSync(process.argv[2], "utf8").trimEnd().split("\n")
const { format, account, first, last, before } = JSON.parse(heading)
assert.equal(format, "cairn archive 1")
if (first === 1) assert.equal(before, sha256(`cairn chain 1 ${account}`))

let hash = before
for (let sequence = first; sequence <= last; sequence++) {
  const read = JSON.parse(lines[sequence - first])
  const { record, words } = read
  hash = sha256(Buffer.from(hash, "hex"), canonical(record))
  assert.equal(record.sequence, sequence, `sequence ${sequence} is not where it should be`)
  assert.equal(read.hash, hash, `sequence ${sequence} was changed`)
  const texts = (words.texts ?? []).map(([, text]) => text)
  agree(words.salt, record.fields?.digest, texts, sequence)
  agree(words.address_salt, record.address, [words.address ?? null], sequence)
}
assert.deepEqual(lines.slice(last - first + 1), [JSON.stringify({ end: hash })], "it has another end")

function sha256(...parts) {
  return parts.reduce((hasher, part) => hasher.update(part), createHash("sha256")).digest("hex")
}

// Keys in order, nothing between them.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`
  if (typeof value !== "object") return JSON.stringify(value)
  const keys = Object.keys(value).sort()
  return `{${keys.map(key => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`
}

// With a salt the texts have the digest; without one they were erased, or there were none.
function agree(salt, digest, texts, sequence) {
  if (salt === undefined) {
    return assert(texts.every(text => text === null), `sequence ${sequence} has words without a salt`)
  }
  const parts = texts.flatMap(text => {
    const bytes = Buffer.from(text ?? "")
    const length = Buffer.alloc(8)
    length.writeBigUInt64BE(BigInt(bytes.length))
    return [length, bytes]
  })
  assert.equal(digest, sha256(Buffer.from(salt, "hex"), ...parts), `sequence ${sequence} has other words`)
}
