"""An HTTP SMS gateway for the tests: keeps each idempotency key once; `fail` makes it answer 503 after taking."""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

port, journal = int(sys.argv[1]), Path(sys.argv[2])
taken: dict[str, str] = {}
mood = {"now": "take"}


class Gateway(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        facts = json.loads(body)
        if self.path == "/mood":
            mood["now"] = facts["mood"]
            return self.answer(200, {})
        if mood["now"] == "refuse":
            return self.answer(422, {})
        key = self.headers["Idempotency-Key"]
        if key not in taken:
            taken[key] = f"h{len(taken) + 1}"
            with journal.open("a") as file:
                file.write(json.dumps({**facts, "signature": self.headers["X-Signature"]}) + "\n")
        if mood["now"] == "fail":
            return self.answer(503, {})
        return self.answer(200, {"reference": taken[key]})

    def answer(self, code: int, body: dict) -> None:
        content = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_words: object) -> None:
        pass


server = HTTPServer(("127.0.0.1", port), Gateway)
print("ready", flush=True)
server.serve_forever()
