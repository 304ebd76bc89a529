"""A server that takes events as the real one does, and behaves badly on demand."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Request(NamedTuple):
    events: int
    at_s: float


class FaultyServer:
    """Listens until `stop`. `stored` has the events by their keys, `requests` what has come."""

    def __init__(self) -> None:
        self.fault = "none"
        self.stored: dict[str, dict[str, Any]] = {}
        self.requests: list[Request] = []
        self.sent_bytes = 0
        self.stopped = threading.Event()
        #: For the fault "waits".
        self.go_on = threading.Event()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _handler_of(self))
        self.port: int = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def secure(self, context: ssl.SSLContext) -> None:
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def stop(self) -> None:
        self.stopped.set()
        self.go_on.set()
        self._server.shutdown()
        self._server.server_close()

    def commit(self, events: list[dict[str, Any]]) -> bytes:
        with self._lock:
            return json.dumps({"results": [self._store(event) for event in events]}).encode()

    def answer_to(self, exchange: Exchange) -> bytes:
        """What the real server does, and its answer."""
        events = json.loads(exchange.body)
        if any("deep" in event.get("metadata", {}) for event in events):
            raise UnreadableError
        return self.commit(events)

    def handle(self, exchange: Exchange) -> None:
        try:
            FAULTS[self.fault](exchange)
        except UnreadableError:
            exchange.answer(400, b'{"error":{"code":"json.depth","message":"too deep"}}')

    def serve(self, exchange: Exchange) -> None:
        exchange.answer(200, self.answer_to(exchange))

    def note(self, exchange: Exchange) -> None:
        self.requests.append(Request(len(json.loads(exchange.body)), time.monotonic()))

    def amounts(self) -> list[str]:
        return sorted((event["amount"] for event in self.stored.values()), key=float)

    def _store(self, event: dict[str, Any]) -> dict[str, Any]:
        key = event["idempotencyKey"]
        if event["timestamp"] < "2002":
            return {
                "status": "refused",
                "error": {"code": "usage.timestamp_too_old", "message": "old"},
            }
        if self.stored.setdefault(key, event) is event:
            return {"status": "recorded", "eventId": f"evt_{key}"}
        if self.stored[key] == event:
            return {"status": "duplicate", "eventId": f"evt_{key}"}
        return {"status": "refused", "error": {"code": "usage.key_reused", "message": "reused"}}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # whoever asked has gone


class Exchange:
    def __init__(self, server: FaultyServer, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        self.server = server
        self.body = body
        self.method = handler.command
        self.path = handler.path
        self.headers = handler.headers
        self._handler = handler

    def commit(self) -> bytes:
        """What the real server does, and its answer."""
        return self.server.answer_to(self)

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.begin(status, len(body), **headers)
        self.write(body)

    def begin(self, status: int, length: int, **headers: str) -> None:
        self._handler.send_response(status)
        self._handler.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()

    def write(self, data: bytes) -> None:
        self._handler.wfile.write(data)
        self.server.sent_bytes += len(data)

    def reset(self) -> None:
        connection = self._handler.connection
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()


class UnreadableError(Exception):
    pass


def _handler_of(server: FaultyServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            exchange = Exchange(server, self, body)
            server.note(exchange)
            server.handle(exchange)

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


def _silent(exchange: Exchange) -> None:
    exchange.server.stopped.wait()


def _waits(exchange: Exchange) -> None:
    exchange.server.go_on.wait()
    exchange.server.serve(exchange)


def _cut_off(exchange: Exchange) -> None:
    body = exchange.commit()
    exchange.begin(200, len(body))
    exchange.write(body[: len(body) // 2])


def _lost(exchange: Exchange) -> None:
    exchange.commit()
    exchange.reset()


def _drip(exchange: Exchange, data: bytes) -> None:
    for at in range(len(data)):
        exchange.write(data[at : at + 1])
        if exchange.server.stopped.wait(1):
            return


def _dripping_body(exchange: Exchange) -> None:
    body = exchange.commit()
    exchange.begin(200, len(body))
    _drip(exchange, body)


def _dripping_head(exchange: Exchange) -> None:
    exchange.commit()
    _drip(exchange, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")


def _huge(exchange: Exchange) -> None:
    exchange.begin(200, 100_000_000)
    for _ in range(1_000):
        exchange.write(b"x" * 100_000)


def _of_another_kind(exchange: Exchange) -> None:
    results = [{"status": "fine"} for _ in json.loads(exchange.body)]
    exchange.answer(200, json.dumps({"results": results}).encode())


def _unknown_limits(exchange: Exchange) -> None:
    error = {"code": "leases.limit_unknown", "message": "No policy has this limit."}
    results = [{"id": ask["id"], "error": error} for ask in json.loads(exchange.body)["ask"]]
    exchange.answer(200, json.dumps({"results": results}).encode())


def _only_small(exchange: Exchange) -> None:
    if len(exchange.body) > 1_000:
        exchange.answer(413)
    else:
        exchange.answer(200, exchange.commit())


KEY_REFUSED = b'{"error":{"code":"auth.key_refused","message":"No key uf_live_secret"}}'

#: Every way to be bad that leaves the client without an answer.
UNANSWERED: dict[str, Callable[[Exchange], None]] = {
    "no answer": _silent,
    "a connection that is reset": lambda exchange: exchange.reset(),
    "an answer that is cut off after the commit": _cut_off,
    "an answer that is lost after the commit": _lost,
    "an answer of one byte a second": _dripping_body,
    "the head of an answer of one byte a second": _dripping_head,
    "an answer of 100 MB": _huge,
    "what is no JSON": lambda exchange: exchange.answer(200, b"<html>It works!</html>"),
    "JSON without an end": lambda exchange: exchange.answer(200, b"[" * 1_000_000),
    "too few results": lambda exchange: exchange.answer(200, b'{"results":[]}'),
    "results of another kind": _of_another_kind,
    "an error of its own": lambda exchange: exchange.answer(500, b"oops"),
    "a key that is refused": lambda exchange: exchange.answer(401, KEY_REFUSED),
    "a page that blocks": lambda exchange: exchange.answer(403, b"<html>"),
    "a complaint about how it came": lambda exchange: exchange.answer(
        400, b'{"error":{"code":"request.media_type","message":"no"}}'
    ),
    "a way to elsewhere": lambda exchange: exchange.answer(
        307, Location=f"{exchange.server.url}/elsewhere"
    ),
    "please later, in a second": lambda exchange: exchange.answer(503, Retry_After="1"),
}

FAULTS: dict[str, Callable[[Exchange], None]] = {
    **UNANSWERED,
    "none": lambda exchange: exchange.server.serve(exchange),
    "waits": _waits,
    "limits that it does not know": _unknown_limits,
    "please later, in an hour": lambda exchange: exchange.answer(429, Retry_After="3600"),
    "only small requests": _only_small,
}
