"""An HTTP service that Muster calls: the request of a client comes in as a POST, what we answer goes
back to the client. Any language and framework will do; this one is in Python's standard library."""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Greeter(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # Muster keeps its connections open

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        request = json.loads(body)
        if not isinstance(request, dict) or not isinstance(request.get("name"), str):
            # The client gets 400 and this very text.
            self.answer(400, {"error": "The request must be an object with a name"})
            return
        self.answer(200, {"greeting": "Hello, " + request["name"],
                          "client": self.headers["X-Muster-Client-Id"],
                          "channel": self.headers["X-Muster-Channel"]})

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 9000
    server = ThreadingHTTPServer(("127.0.0.1", port), Greeter)
    print(f"http://127.0.0.1:{server.server_address[1]}/greet", flush=True)
    server.serve_forever()
