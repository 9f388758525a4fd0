# A receiver of webhooks in Python: it adds itself to an account, has something happen there, and
# checks the calls with the official library, before, during and after a rotation.

import hashlib
import hmac
import json
import queue
import sys
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

address, token = sys.argv[1:]
calls = queue.Queue()


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.send_response(204)
        self.end_headers()
        calls.put((headers, body))

    def log_message(self, *_):
        pass


def ask(method, path, body):
    request = urllib.request.Request(
        f"{address}/api/v1/northfold/{path}",
        json.dumps(body).encode(),
        {"authorization": f"Bearer {token}", "content-type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def call_about(name):
    ask("POST", "boards", {"name": name})
    return calls.get(timeout=30)


def is_taken(secret, headers, body):
    try:
        return Webhook(secret).verify(body, headers)["event"] == "board.created"
    except WebhookVerificationError:
        return False


def plain(secret, body):
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


server = HTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/hook"
endpoint = ask("POST", "webhook_endpoints", {"url": url, "events": ["board.created"]})
path, older = f"webhook_endpoints/{endpoint['id']}", endpoint["secret"]

headers, body = call_about("Before")
assert is_taken(older, headers, body), headers
assert not is_taken(older, headers, body + b" "), "another body was taken"
assert headers["x-webhook-signature"] == plain(older, body)

newer = ask("POST", f"{path}/secret_rotations", {"overlap_hours": 24})["secret"]
headers, body = call_about("During")
assert is_taken(older, headers, body) and is_taken(newer, headers, body), headers
assert headers["x-webhook-signature-next"] == plain(newer, body)

# The library knows no v1a, and passes over it.
ask("PATCH", path, {"signature": "ed25519"})
headers, body = call_about("With a key")
assert headers["webhook-signature"].startswith("v1a,"), headers
assert is_taken(older, headers, body) and is_taken(newer, headers, body), headers
print("three calls checked with standardwebhooks for Python")
