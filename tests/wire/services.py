"""A small HTTP service for the tests: what it answers is asked for in the path."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Service(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen = []
        self.at_once = 0
        self.most_at_once = 0
        self.lock = threading.Lock()
        self.release = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, path):
        return f"http://127.0.0.1:{self.server_address[1]}{path}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.release.set()
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path, dict(self.headers), body))
        with self.server.lock:
            self.server.at_once += 1
            self.server.most_at_once = max(self.server.most_at_once, self.server.at_once)
        try:
            self.answer(body)
        finally:
            with self.server.lock:
                self.server.at_once -= 1

    def answer(self, body):
        if self.path == "/echo":
            self.say(200, body)
        elif self.path == "/empty":
            self.say(204, b"")
        elif self.path == "/text":
            self.say(200, b"not json")
        elif self.path.startswith("/status/"):
            self.say(int(self.path.rsplit("/", 1)[1]), json.dumps({"error": "so it is"}).encode())
        elif self.path == "/wait":
            self.server.release.wait(20)
            self.say(200, b"1")
        elif self.path == "/slow":
            time.sleep(0.2)
            self.say(200, b"2")
        elif self.path == "/hang-up":
            self.close_connection = True
        elif self.path == "/garbage":
            self.wfile.write(b"this is no HTTP\r\n\r\n")
            self.close_connection = True

    def say(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass
