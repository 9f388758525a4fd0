// A program that asks the API of whichever server lives, as one person or another.

const PATIENCE_MS = 15_000

export class Program {
  constructor(account, servers, chance) {
    Object.assign(this, { account, servers, chance })
  }

  // What was answered, or null when it was refused; a fault ends the test.
  async ask(person, method, path, body) {
    const { address } = this.chance.pick(this.servers.filter(({ alive }) => alive))
    const response = await fetch(`${address}/api/v1/${this.account}/${path}`, {
      method,
      headers: { authorization: `Bearer ${person.token}`, "content-type": "application/json" },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    const text = await response.text()
    const said = `${person.name}: ${method} ${path} ${body ? JSON.stringify(body) : ""} ${response.status}`
    console.log(said)
    if (response.status >= 500 || [400, 401, 429].includes(response.status)) throw new Error(`${said} ${text}`)
    return response.ok ? JSON.parse(text || "{}") : null
  }

  // The same for what must be taken.
  async get(person, method, path, body) {
    const answer = await this.ask(person, method, path, body)
    if (!answer) throw new Error(`${method} ${path} was refused`)
    return answer
  }
}
