"""Calls the receiver in Python as Cairn does: it takes what is signed, once, and nothing else."""

import hashlib
import hmac
import os
import subprocess
import sys
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone

from standardwebhooks import Webhook

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
BODY = b'{"id":"0192d2f0-c5d4-7a0e-8b1e-000000000009","event":"card.moved","data":{}}'
ID = "0192d2f0-c5d4-7a0e-8b1e-000000000009"


def call(port, sent=BODY, signed=BODY, at=None, secret=SECRET):
    at = at or datetime.now(timezone.utc)
    headers = {
        "content-type": "application/json",
        "webhook-id": ID,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(ID, at, signed.decode()),
        "x-webhook-signature": hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest(),
    }
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", sent, headers, method="POST")
    try:
        return urllib.request.urlopen(request, timeout=10).status
    except urllib.error.HTTPError as refused:
        return refused.code


def main(path):
    environment = {**os.environ, "WEBHOOK_SECRET": SECRET, "PORT": "0"}
    receiver = subprocess.Popen([sys.executable, path], env=environment, stdout=subprocess.PIPE, text=True)
    try:
        port = receiver.stdout.readline().split()[-1]
        other = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        assert call(port, sent=BODY + b" ") == 401, "another body was taken"
        assert call(port, secret=other) == 401, "another secret was taken"
        assert call(port, at=datetime.now(timezone.utc) - timedelta(minutes=6)) == 401, "an old call was taken"
        assert [call(port), call(port)] == [204, 204], "a good call was refused"
        receiver.terminate()
        taken = receiver.stdout.read().splitlines()
        assert taken == [f"card.moved {ID} {{}}"], f"it was taken more than once: {taken}"
    finally:
        receiver.kill()
    print("the receiver in Python takes what is signed, once")


main(sys.argv[1])
