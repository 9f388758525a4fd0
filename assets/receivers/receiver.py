# A receiver of webhooks in Python. `pip install standardwebhooks`, then
# WEBHOOK_SECRET=whsec_… PORT=4000 python receiver.py

import hashlib
import hmac
import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

SECRET = os.environ["WEBHOOK_SECRET"]
seen = set()  # in earnest a table whose ids are unique


def checks_with_library(headers, body):
    """Signature and time, over the bytes as they came."""
    try:
        Webhook(SECRET).verify(body, {name.lower(): value for name, value in headers.items()})
        return True
    except (WebhookVerificationError, ValueError):
        return False


def checks_by_hand(headers, body):
    """If you would rather have no library. While a secret is rotated there are two."""
    expected = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    names = ("X-Webhook-Signature", "X-Webhook-Signature-Next")
    return any(hmac.compare_digest(headers.get(name, ""), expected) for name in names)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        # One of the two is enough.
        genuine = checks_with_library(self.headers, body) and checks_by_hand(self.headers, body)
        # The same event may come again, with the same id.
        if genuine and self.headers["webhook-id"] not in seen:
            call = json.loads(body)
            print(call["event"], call["id"], json.dumps(call["data"]), flush=True)
            seen.add(self.headers["webhook-id"])
        self.send_response(204 if genuine else 401)
        self.end_headers()

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "4000"))), Receiver)
print(f"listening on {server.server_port}", flush=True)
server.serve_forever()
