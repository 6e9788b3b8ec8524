"""Receivers on this machine: a web server that keeps what it is sent, and a mail server."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Web:
    """`posted`: JSON bodies; `asked`: paths of GETs. Answers with `status`."""

    def __init__(self):
        self.posted, self.asked, self.status = [], [], 200
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                web.posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.answer()

            def do_GET(self):
                web.asked.append(self.path)
                self.answer()

            def answer(self):
                self.send_response(web.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def place(self):
        return f"127.0.0.1:{self.server.server_port}"

    @property
    def messages(self):
        return [f"{one['title']}\n{one['message']}" for one in self.posted]


@contextmanager
def web():
    found = Web()
    thread = threading.Thread(target=found.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        found.server.shutdown()
        found.server.server_close()
