// The line between one person's browser and the servers, as a load balancer would be: each request
// goes to a server that lives. It can be cut, it hears all that arrives, and it hands the browser
// the page's script and tags of another client.

import { createServer, request as ask } from "node:http"
import { connect } from "node:net"

// A line to some servers. `hear` is told every piece of text that arrives; `client` is what the
// browser is to run.
export async function draw(servers, client, hear) {
  const line = new Line(servers, client, hear)
  await new Promise((resolve) => line.server.listen(0, "127.0.0.1", resolve))
  line.server.unref()
  line.address = `http://127.0.0.1:${line.server.address().port}`
  return line
}

class Line {
  constructor(servers, client, hear) {
    Object.assign(this, { servers, client, hear, down: false, turn: 0, sockets: new Set() })
    this.server = createServer((request, response) => this.pass(request, response))
    this.server.on("upgrade", (request, socket, head) => this.join(request, socket, head))
    this.server.on("connection", (socket) => this.keep(socket))
  }

  // Every connection that stands is lost, as when a cable is pulled; new ones are fine.
  cut() {
    for (const socket of this.sockets) socket.destroy()
  }

  // Nothing gets through until it is mended.
  tear() {
    this.down = true
    this.cut()
  }

  mend() {
    this.down = false
  }

  keep(socket) {
    this.sockets.add(socket)
    socket.on("close", () => this.sockets.delete(socket))
    socket.on("error", () => socket.destroy())
  }

  // One living server after the other.
  next() {
    const living = this.servers.filter(({ alive }) => alive)
    return this.down || living.length === 0 ? null : new URL(living[this.turn++ % living.length].address)
  }

  pass(request, response) {
    const to = this.next()
    if (!to) return request.socket.destroy()
    if (this.client.script && /\/application-[^/]*\.js$/.test(request.url)) return this.hand(response)
    const { method, url: path, headers } = request
    const onward = ask({ host: to.hostname, port: to.port, method, path, headers, agent: false })
    onward.on("response", (answer) => this.answer(answer, response))
    onward.on("error", () => request.socket.destroy())
    response.on("close", () => onward.destroy())
    request.pipe(onward)
  }

  hand(response) {
    response.writeHead(200, { "content-type": "text/javascript; charset=utf-8" }).end(this.client.script)
  }

  answer(answer, response) {
    const { statusCode, headers } = answer
    answer.on("error", () => response.destroy())
    const overheard = this.overhear()
    if (!this.client.retag || !headers["content-type"]?.startsWith("text/html")) {
      response.writeHead(statusCode, headers)
      answer.on("data", overheard)
      answer.pipe(response)
      return
    }
    const chunks = []
    answer.on("data", (chunk) => chunks.push(chunk))
    answer.on("end", () => {
      const page = Buffer.concat(chunks)
      overheard(page)
      const body = Buffer.from(this.client.retag(page.toString(), this.address))
      response.writeHead(statusCode, { ...headers, "content-length": body.length }).end(body)
    })
  }

  join(request, socket, head) {
    const to = this.next()
    if (!to) return socket.destroy()
    const onward = connect(to.port, to.hostname, () => {
      onward.write(`${request.method} ${request.url} HTTP/1.1\r\n${lines(request.rawHeaders)}\r\n`)
      onward.write(head)
      onward.on("data", this.overhear())
      onward.pipe(socket)
      socket.pipe(onward)
    })
    for (const [one, other] of [[onward, socket], [socket, onward]]) {
      one.on("error", () => other.destroy())
      one.on("close", () => other.destroy())
    }
  }

  // What one connection says may come in pieces that part a word.
  overhear() {
    let end = ""
    return (chunk) => {
      const text = end + chunk.toString("latin1")
      this.hear(text)
      end = text.slice(-LONGEST_WORD)
    }
  }
}

const LONGEST_WORD = 16

function lines(headers) {
  let text = ""
  for (let at = 0; at < headers.length; at += 2) text += `${headers[at]}: ${headers[at + 1]}\r\n`
  return text
}
