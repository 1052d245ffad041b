"""A messenger on one page: each line typed goes to Plugdesk, what Plugdesk says is printed. It needs httpx."""

import hashlib
import hmac
import json
import os
import sys
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx

SECRET = os.environ["BRIDGE_SECRET"].encode()
INBOUND = os.environ.get("BRIDGE_INBOUND", "http://127.0.0.1:8080/v1/channels/bridge/inbound")
KEY = {"Authorization": f"Bearer {os.environ['BRIDGE_KEY']}"} if "BRIDGE_KEY" in os.environ else {}
had: set[str] = set()  # a real messenger keeps these on disk


def signature(at: str, body: bytes) -> str:
    """The same for both directions."""
    return f"t={at},v1={hmac.new(SECRET, at.encode() + b'.' + body, hashlib.sha256).hexdigest()}"


class Receiver(BaseHTTPRequestHandler):
    """Plugdesk posts here; a delivery comes again until it is answered with 2xx."""

    def do_POST(self) -> None:
        """Check the signature and its age, then show what was not shown before."""
        body, shown = self.rfile.read(int(self.headers["Content-Length"])), self.headers.get("Plugdesk-Signature", "")
        at = shown.partition(",")[0].removeprefix("t=")
        genuine = hmac.compare_digest(shown.encode(), signature(at, body).encode()) and time.time() - int(at) < 300
        delivery = json.loads(body) if genuine else {}
        if genuine and delivery["delivery_id"] not in had:
            had.add(delivery["delivery_id"])
            print(f"{delivery['recipient']}: {delivery['text']}", flush=True)
        self.send_response(204 if genuine else 401)
        self.end_headers()


def send(sender: str, text: str) -> None:
    """Post a message until it has arrived; the same id each time, signed anew."""
    body = json.dumps({"message_id": uuid.uuid4().hex, "sender": sender, "text": text}).encode()
    while True:
        headers = {"Content-Type": "application/json", "Plugdesk-Signature": signature(str(int(time.time())), body)}
        try:
            answer = httpx.post(INBOUND, content=body, headers=headers | KEY, timeout=30)
        except httpx.TransportError:
            answer = httpx.Response(503)
        if answer.is_success:
            return
        if answer.status_code not in (409, 429) and answer.status_code < 500:
            sys.exit(answer.text)
        time.sleep(float(answer.headers.get("Retry-After", 1)))


if __name__ == "__main__":
    receiver = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("BRIDGE_PORT", "8090"))), Receiver)
    Thread(target=receiver.serve_forever, daemon=True).start()
    for line in sys.stdin:
        send("me", line.strip())
