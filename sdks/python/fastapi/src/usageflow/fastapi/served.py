"""The application as its server sees it: counts what comes in and what goes out, and changes nothing of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal
from urllib.parse import quote

from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from usageflow.core.agent import (
    Agent,
    Coverage,
    Exchange,
    Outcome,
    Refusal,
    RequestParts,
    drive_in_loop,
)
from usageflow.core.agent.exchange import NO_PARTS, headers_of
from usageflow.core.agent.framework import FrameworkAPI, announced_bytes
from usageflow.core.agent.template import route_template
from usageflow.core.policy import BodyReader

Side = Literal["request", "response"]
_BODY_BYTES_MAX = 1024 * 1024
#: How long the end of the application waits for what was metered to be sent.
_END_S = 2.0
#: Where in the scope of a request stands whose it is.
_BEGUN = "usageflow.begun"


class ServedApp:
    """Not made of `BaseHTTPMiddleware`, which runs the application in a task of its own and holds back streams."""

    def __init__(self, app: ASGIApp, api: FrameworkAPI, coverage: Coverage) -> None:
        self._app = app
        self._api = api
        self._coverage = coverage
        self._routes_known = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, self._flushing(send))
        if scope["type"] != "http":  # websockets
            return await self._app(scope, receive, send)
        agent = self._api.agent
        if scope.get(_BEGUN) is agent:  # by one of us that is around this one: a request counts once
            return await self._app(scope, receive, send)
        receiving = agent.receive(self._coverage, scope["method"], target_of(scope))
        exchange = await drive_in_loop(receiving)
        if exchange is None:
            return await self._app(scope, receive, send)
        scope[_BEGUN] = agent
        agent.safely(self._learn_routes, scope.get("app"))
        served = Served(exchange, agent, scope, receive, send)
        try:
            body = await served.read_json() if exchange.reads_body else None
            parts = agent.safely(_parts_of, scope, body) or NO_PARTS
            await drive_in_loop(agent.decide(exchange, parts))
            if exchange.refusal is not None:
                return await served.refuse(exchange.refusal)
            served.begin()
            await self._app(scope, served.receive, served.send)
        except Exception:
            served.fail()
            raise
        finally:
            served.end()  # nothing more comes, whether it was answered, failed or was given up

    def _flushing(self, send: Send) -> Send:
        """
        Sends what was metered before the application has ended. Servers that a signal has told to stop end
        their process by that signal, and then Python runs nothing at its end.
        """

        async def told(message: Message) -> None:
            if message["type"] in ("lifespan.shutdown.complete", "lifespan.shutdown.failed"):
                try:
                    asyncio.get_running_loop()
                except RuntimeError:  # not asyncio's: the end of the process is left
                    pass
                else:
                    await asyncio.to_thread(self._api.agent.flush, _END_S)
            await send(message)

        return told

    def _learn_routes(self, app: object) -> None:
        """Of the application; again when it got more of them."""
        routes = getattr(app, "routes", ())
        if len(routes) == self._routes_known:
            return
        self._routes_known = len(routes)
        self._api.agent.learn_routes(framework_routes(routes, ""))


class Served:
    """One request."""

    def __init__(
        self, exchange: Exchange, agent: Agent, scope: Scope, receive: Receive, send: Send
    ) -> None:
        self.exchange = exchange
        self._agent = agent
        self._scope = scope
        self._receive = receive
        self._send = send
        self._root_path = str(scope.get("root_path", ""))
        #: What was read before the application asked for it.
        self._read: list[Message] = []
        self._status: int | None = None
        self._headers: dict[str, str | list[str]] = {}
        #: Of a body whose length was not announced counts what the application reads.
        self._announced = headers_in(scope).get("content-length")
        self._read_bytes = self._response_bytes = 0
        self._readers: dict[Side, BodyReader | None] = {}

    def begin(self) -> None:
        self._agent.safely(self._open_reader, "request", headers_in(self._scope))

    async def receive(self) -> Message:
        message = self._read.pop(0) if self._read else await self._receive()
        if message["type"] == "http.request":
            data = message.get("body", b"")
            self._read_bytes += len(data)
            self._show("request", data)
        return message

    async def send(self, message: Message) -> None:
        kind = message["type"]
        if kind == "http.response.start":
            message = self._agent.safely(self._begin_answer, message) or message
        await self._send(message)
        if kind == "http.response.body":
            data = message.get("body", b"")
            self._response_bytes += len(data)
            self._show("response", data)
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

    def fail(self) -> None:
        """The server answers for an application that failed."""
        if self._status is None:
            self._status = 500

    def end(self) -> None:
        self._agent.safely(self._end)

    def _end(self) -> None:
        if self.exchange.has_ended:
            return
        outcome = Outcome(
            status=self._status,
            route=self.template(),
            headers=self._headers,
            request_bytes=self._request_bytes(),
            response_bytes=self._response_bytes,
            params=self._scope.get("path_params"),
            metadata=told_by_host(self._scope).get("metadata"),
        )
        self._agent.end(self.exchange, outcome)

    def _request_bytes(self) -> int:
        if self._announced is None:
            return self._read_bytes
        return announced_bytes(str(self._announced))

    def _begin_answer(self, message: Message) -> Message:
        given = [(bytes(name), bytes(value)) for name, value in message.get("headers", ())]
        self._status = int(message["status"])
        self._headers = headers_of(_texts(given))
        if self.exchange.has_passed:
            self._open_reader("response", self._headers)
        known = {name.lower() for name, _ in given}
        ours = [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in self.exchange.headers.items()
        ]
        return {**message, "headers": [*given, *(pair for pair in ours if pair[0] not in known)]}

    def _open_reader(self, side: Side, headers: Mapping[str, str | list[str]]) -> None:
        self._readers[side] = self.exchange.reader(side, headers)

    def _show(self, side: Side, data: bytes) -> None:
        reader = self._readers.get(side)
        if reader is not None:
            self._agent.safely(reader.push, data)

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
        names = {str(value): name for name, value in params.items() if value != ""}
        segments = mounted[len(self._root_path) :].split("/")
        return "/".join(f":{names[each]}" if each in names else each for each in segments)


def framework_routes(routes: Iterable[object], mounted: str) -> Iterator[tuple[str, str]]:
    """The methods and templates of an application, with those of what is mounted in it."""
    for route in routes:
        path = getattr(route, "path", None)
        if not isinstance(path, str):
            continue
        if isinstance(route, Mount):
            yield from framework_routes(route.routes, f"{mounted}{path}")
        for method in sorted((getattr(route, "methods", None) or set()) - {"HEAD", "OPTIONS"}):
            yield method, route_template(f"{mounted}{path}")


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
        headers=headers_in(scope),
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


def headers_in(scope: Scope) -> dict[str, str | list[str]]:
    return headers_of(_texts(scope.get("headers", ())))


def _texts(pairs: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[str, str]]:
    for name, value in pairs:
        yield name.decode("latin-1"), value.decode("latin-1")


def _is_json(scope: Scope) -> bool:
    kind = headers_in(scope).get("content-type", "")
    media_type = kind.partition(";")[0].strip().lower() if isinstance(kind, str) else ""
    return media_type == "application/json" or media_type.endswith("+json")


def _parsed(data: bytes) -> object:
    try:
        parsed: object = json.loads(data)
        return parsed
    except (ValueError, RecursionError):
        return None
