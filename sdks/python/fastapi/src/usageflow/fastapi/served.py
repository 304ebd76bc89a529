"""The application as its server sees it: counts what comes in and what goes out, and changes nothing of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import quote

from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from usageflow.core.agent import Coverage, Exchange, Refusal, RequestParts, drive_in_loop
from usageflow.core.agent.framework import FrameworkAPI
from usageflow.core.agent.template import route_template

_BODY_BYTES_MAX = 1024 * 1024


class ServedApp:
    """Not made of `BaseHTTPMiddleware`, which runs the application in a task of its own and holds back streams."""

    def __init__(self, app: ASGIApp, api: FrameworkAPI, coverage: Coverage) -> None:
        self._app = app
        self._api = api
        self._coverage = coverage

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":  # websockets, and the application's own beginning and end
            return await self._app(scope, receive, send)
        agent = self._api.agent
        receiving = agent.receive(self._coverage, scope["method"], target_of(scope))
        exchange = await drive_in_loop(receiving)
        if exchange is None:
            return await self._app(scope, receive, send)
        served = Served(exchange, scope, receive, send)
        try:
            body = await served.read_json() if exchange.reads_body else None
            await drive_in_loop(agent.decide(exchange, _parts_of(scope, body)))
            if exchange.refusal is not None:
                return await served.refuse(exchange.refusal)
            await self._app(scope, served.receive, served.send)
        finally:
            served.end()  # nothing more comes, whether it was answered, failed or was given up


class Served:
    """One request."""

    def __init__(self, exchange: Exchange, scope: Scope, receive: Receive, send: Send) -> None:
        self.exchange = exchange
        self.response_bytes = 0
        self._scope = scope
        self._receive = receive
        self._send = send
        self._root_path = str(scope.get("root_path", ""))
        #: What was read before the application asked for it.
        self._read: list[Message] = []

    async def receive(self) -> Message:
        return self._read.pop(0) if self._read else await self._receive()

    async def send(self, message: Message) -> None:
        kind = message["type"]
        if kind == "http.response.start":
            message = {**message, "headers": self._with_ours(message.get("headers", ()))}
        await self._send(message)
        if kind == "http.response.body":
            self.response_bytes += len(message.get("body", b""))
            if not message.get("more_body", False):
                self.end()

    async def refuse(self, refusal: Refusal) -> None:
        length = ("content-length", str(len(refusal.body)))
        headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in (*refusal.headers.items(), length)
        ]
        start = {"type": "http.response.start", "status": refusal.status, "headers": headers}
        await self.send(start)
        await self.send({"type": "http.response.body", "body": refusal.body})

    async def read_json(self) -> object:
        """None if it is no JSON, or too long. The application gets every piece of it all the same."""
        if not _is_json(self._scope):
            return None
        data = b""
        while len(data) <= _BODY_BYTES_MAX:
            message = await self._receive()
            self._read.append(message)
            if message["type"] != "http.request":
                return None
            data += message.get("body", b"")
            if not message.get("more_body", False):
                return _parsed(data)
        return None

    def end(self) -> None:
        pass

    def template(self) -> str | None:
        """Known from when the application has found its route. Of what is mounted, with where it is mounted."""
        route = self._scope.get("route")
        path = getattr(route, "path", None)
        if not isinstance(path, str):
            return None
        # What is mounted may be no router of Starlette's, and tell no route of its own.
        return route_template(self._mounted() + ("/*" if isinstance(route, Mount) else path))

    def _mounted(self) -> str:
        mounted = str(self._scope.get("root_path", ""))
        if not mounted.startswith(self._root_path):
            return ""
        params = self._scope.get("path_params") or {}
        names = {str(value): name for name, value in params.items()}
        segments = mounted[len(self._root_path) :].split("/")
        return "/".join(f":{names[each]}" if each in names else each for each in segments)

    def _with_ours(self, headers: object) -> list[tuple[bytes, bytes]]:
        given = [(bytes(name), bytes(value)) for name, value in headers]  # type: ignore[attr-defined]
        known = {name.lower() for name, _ in given}
        ours = [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in self.exchange.headers.items()
        ]
        return [*given, *(pair for pair in ours if pair[0] not in known)]


def target_of(scope: Mapping[str, object]) -> str:
    """As it came, where the server says it; else put together again."""
    raw = scope.get("raw_path")
    path = raw.decode("latin-1") if isinstance(raw, bytes) else quote(str(scope["path"]), safe="/")
    query = scope.get("query_string", b"")
    return f"{path}?{query.decode('latin-1')}" if isinstance(query, bytes) and query else path


def _parts_of(scope: Scope, body: object) -> RequestParts:
    client = scope.get("client")
    told = told_by_host(scope)
    return RequestParts(
        headers=_headers_of(scope),
        query=bytes(scope.get("query_string", b"")).decode("latin-1"),
        body=body,
        claims=told.get("claims"),
        client_address=str(client[0]) if client else "",
    )


def told_by_host(scope: Scope) -> Mapping[str, object]:
    """`request.state.usageflow`, or of what knows no Starlette `scope["usageflow"]`."""
    state = scope.get("state")
    told = state.get("usageflow") if isinstance(state, Mapping) else None
    told = scope.get("usageflow") if told is None else told
    return told if isinstance(told, Mapping) else {}


def _headers_of(scope: Scope) -> dict[str, str | list[str]]:
    """One that came several times is a list."""
    headers: dict[str, str | list[str]] = {}
    for name_bytes, value_bytes in scope.get("headers", ()):
        name, value = name_bytes.decode("latin-1").lower(), value_bytes.decode("latin-1")
        before = headers.get(name)
        if before is None:
            headers[name] = value
        else:
            headers[name] = [*before, value] if isinstance(before, list) else [before, value]
    return headers


def _is_json(scope: Scope) -> bool:
    kind = _headers_of(scope).get("content-type", "")
    media_type = kind.partition(";")[0].strip().lower() if isinstance(kind, str) else ""
    return media_type == "application/json" or media_type.endswith("+json")


def _parsed(data: bytes) -> object:
    try:
        parsed: object = json.loads(data)
        return parsed
    except (ValueError, RecursionError):
        return None
