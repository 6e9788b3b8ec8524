"""A local HTTP server that answers as a vendor does, with a clock of its own and, if asked, faults."""

from __future__ import annotations

import json
import random
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ingestion.pulls.client import Clock

#: When the vendors' accounts are pulled: the midnight at which their month ended.
MIDNIGHT = 1772409600.0


@dataclass
class TestClock:
    """Time that passes when somebody sleeps."""

    __test__ = False
    moment: float = MIDNIGHT

    def __post_init__(self) -> None:
        self._lock = threading.Lock()

    def now(self) -> float:
        return self.moment

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.moment += seconds

    @property
    def clock(self) -> Clock:
        return Clock(self.now, self.sleep)


@dataclass(frozen=True)
class Request:
    """`path` without its query; `query` decoded; `json`: the body, None without one."""

    path: str
    query: dict[str, str]
    json: Any
    headers: Mapping[str, str]


@dataclass
class Answer:
    content: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def body(self) -> bytes:
        return self.content if isinstance(self.content, bytes) else json.dumps(self.content).encode()


@dataclass
class Faults:
    """What goes wrong, by chance: `rate` of the requests. `kinds`: see `_Handler._fail`."""

    chance: random.Random
    rate: float = 0.0
    kinds: tuple[str, ...] = ("busy", "busy_until", "down", "cut", "short", "reset", "empty")

    def next(self) -> str | None:
        return self.chance.choice(self.kinds) if self.chance.random() < self.rate else None


class Server:
    """`answer`: what the vendor says; `per_minute`: requests it takes in a minute, the next ones get 429."""

    def __init__(self, answer: Callable[[Request], Answer], clock: TestClock, per_minute: int | None = None) -> None:
        self.answer, self.clock, self.per_minute = answer, clock, per_minute
        self.faults = Faults(random.Random(0))
        self.requests: list[Request] = []
        self.refused = 0
        self._times: deque[float] = deque()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"vendor": self}))
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @contextmanager
    def running(self) -> Iterator[Server]:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()

    def respond(self, request: Request) -> Answer:
        """One request at a time, as the account's data change with them."""
        with self._lock:
            self.requests.append(request)
            now = self.clock.now()
            while self._times and self._times[0] <= now - 60:
                self._times.popleft()
            if self.per_minute and len(self._times) >= self.per_minute:
                self.refused += 1
                return Answer({"error": "too many"}, 429, {"Retry-After": str(int(self._times[0] + 61 - now))})
            self._times.append(now)
            return self.answer(request)

    def fault(self) -> str | None:
        with self._lock:
            return self.faults.next()


class _Handler(BaseHTTPRequestHandler):
    vendor: Server
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_GET(self) -> None:
        self._respond(None)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        is_json = "json" in self.headers.get("Content-Type", "")
        self._respond(json.loads(body) if is_json else dict(parse_qsl(body.decode())))

    def _respond(self, body: Any) -> None:
        fault = self.vendor.fault()
        if fault and self._fail(fault):
            return
        parts = urlsplit(self.path)
        answer = self.vendor.respond(Request(parts.path, dict(parse_qsl(parts.query)), body, dict(self.headers)))
        data = answer.body()
        if fault == "cut":  # whole as HTTP goes, and no JSON
            data = data[: len(data) // 2]
        elif fault == "empty":
            data = b"{}"
        self._send(answer.status, answer.headers, data, missing=7 if fault == "short" else 0)

    def _fail(self, fault: str) -> bool:
        """Answers in the vendor's stead; False for a fault of the answer's body."""
        clock = self.vendor.clock
        if fault == "busy":
            self._send(429, {"Retry-After": "2"}, b"{}")
        elif fault == "busy_until":
            dates = {
                "Date": formatdate(clock.now(), usegmt=True),
                "Retry-After": formatdate(clock.now() + 3, usegmt=True),
            }
            self._send(429, dates, b"")
        elif fault == "down":
            self._send(503, {}, b"<html>down</html>")
        elif fault == "reset":
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
        else:
            return False
        return True

    def _send(self, status: int, headers: Mapping[str, str], data: bytes, missing: int = 0) -> None:
        """`missing`: bytes that are promised and never come."""
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data) + missing))
        if missing:
            self.close_connection = True
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *parts: Any) -> None:
        """Says nothing: a test reads `Server.requests`."""
