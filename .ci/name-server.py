"""Has `cairn listen` call a name while the name server misbehaves; run by .ci/names, as root of a
network of its own."""

import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PROGRAM = sys.argv[1]
NAME = "hooks.example"
PATIENCE = 30

HERE = "127.0.0.1"
METADATA = "169.254.169.254"
REFUSES = "SERVFAIL"
SILENT = "silence"


class NameServer:
    """Says what it is told to say, to whoever asks for an address."""

    def __init__(self):
        self.says = HERE
        self.asked = 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((HERE, 53))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            query, sender = self.socket.recvfrom(512)
            self.asked += 1
            if self.says != SILENT:
                self.socket.sendto(self.answer(query), sender)

    def answer(self, query):
        question = query[12 : query.index(b"\0", 12) + 5]
        is_v4 = struct.unpack("!H", question[-4:-2]) == (1,)
        refuses = self.says == REFUSES
        count = 1 if is_v4 and not refuses else 0
        flags = 0x8180 | (2 if refuses else 0)
        head = query[:2] + struct.pack("!HHHHH", flags, 1, count, 0, 0)
        record = b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 0, 4)
        return head + question + (record + socket.inet_aton(self.says) if count else b"")


class Server(ThreadingHTTPServer):
    """Both the log of an account, with as many events as it is told, and the receiver."""

    def __init__(self):
        super().__init__((HERE, 0), Handler)
        self.events = 0
        self.calls = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_):
        """Whoever is stopped leaves in the middle of an answer."""


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        after = int(self.path.split("after=")[1].split("&")[0])
        numbers = range(after + 1, self.server.events + 1)
        events = [{"id": f"event-{n}", "event": "card.moved", "sequence": n} for n in numbers]
        body = json.dumps(events).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.server.calls.append(self.headers["webhook-id"])
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


class Listening:
    """`cairn listen`, told to call the name."""

    def __init__(self, port):
        forward, server = f"http://{NAME}:{port}/", f"http://{HERE}:{port}"
        self.process = subprocess.Popen(
            [PROGRAM, "listen", "--account", "northfold", "--server", server]
            + ["--forward", forward, "--after", "0"],
            env={**os.environ, "CAIRN_TOKEN": "cairn_none"},
            stdout=subprocess.PIPE,
            text=True,
        )

    def says(self, words):
        watchdog = threading.Timer(PATIENCE, self.process.kill)
        watchdog.start()
        try:
            for line in self.process.stdout:
                if words in line:
                    return
            sys.exit(f"it ended, or said for {PATIENCE} s nothing like: {words}")
        finally:
            watchdog.cancel()

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE)


def prepare():
    """The machine’s resolver asks here, and nothing but this."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for path, text in [
        ("/etc/resolv.conf", f"nameserver {HERE}\n"),
        ("/etc/nsswitch.conf", "hosts: files dns\n"),
    ]:
        with tempfile.NamedTemporaryFile("w", delete=False) as file:
            file.write(text)
        os.chmod(file.name, 0o644)
        subprocess.run(["mount", "--bind", file.name, path], check=True)
        os.unlink(file.name)


def main():
    prepare()
    names = NameServer()
    for says, words in [
        (REFUSES, "The name of the host was not found"),
        (SILENT, "It could not be reached within 5 seconds"),
        (METADATA, "This address leads into a private network."),
    ]:
        server = Server()
        listening = Listening(server.server_port)
        listening.says("signed with")
        names.says, asked = says, names.asked
        server.events = 1
        listening.says(words)
        assert names.asked > asked, "each connection asks anew"
        assert server.calls == [], f"with {says} nobody is called"
        names.says = HERE
        listening.says("204 in")
        assert server.calls == ["event-1"], server.calls
        listening.stop()
        server.shutdown()
        print(f"{says}: told apart, and called once the name led here again")


main()
