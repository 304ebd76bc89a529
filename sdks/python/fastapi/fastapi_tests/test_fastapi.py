from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator
from http.client import HTTPConnection, HTTPResponse
from typing import Any, NamedTuple

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import Response, StreamingResponse
from tests.control_server import STRATEGIES, limit, policy
from tests.control_world import CHAT_PIECES, METERED_CHAT, ControlWorld
from tests.faulty_server import UNANSWERED
from tests.world import WAIT_S, until
from usageflow.fastapi import FastAPIUsageFlowAPI


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


def shop() -> FastAPI:
    """An application as others write them."""
    app = FastAPI()
    app.state.left = threading.Event()

    @app.get("/api/users/{user}")
    def user(user: int) -> dict[str, int]:
        return {"user": user}

    @app.post("/api/echo")
    async def echo(request: Request) -> Response:
        return Response(await request.body(), media_type="application/octet-stream")

    @app.post("/api/unread")
    def unread() -> str:
        return "well"

    @app.get("/api/stream")
    async def stream() -> StreamingResponse:
        async def pieces() -> AsyncIterator[bytes]:
            for number in range(5):
                yield b"data: %d\n\n" % number

        return StreamingResponse(pieces(), media_type="text/event-stream")

    @app.get("/api/endless")
    async def endless() -> StreamingResponse:
        async def pieces() -> AsyncIterator[bytes]:
            try:
                while True:
                    yield b"x" * 1_000
                    await asyncio.sleep(0.001)
            finally:
                app.state.left.set()

        return StreamingResponse(pieces())

    @app.get("/api/fails")
    def fails() -> str:
        raise RuntimeError("the host fails")

    @app.get("/health")
    def health() -> str:
        return "well"

    below = FastAPI()
    below.add_api_route("/things/{thing}", lambda thing: thing)
    app.mount("/mounted/{tenant}", below)
    return app


class Host:
    """An application in a real server, in a thread."""

    def __init__(self, app: Any) -> None:
        config = uvicorn.Config(
            app, port=0, log_config=None, log_level="critical", lifespan="auto", ws="none"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        until(lambda: self._server.started)
        self.port: int = self._server.servers[0].sockets[0].getsockname()[1]

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(WAIT_S)

    def open(self, method: str, path: str, body: Any = None, **headers: str) -> HTTPResponse:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=WAIT_S)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, {**named, "connection": "close"})
        return connection.getresponse()

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        response = self.open(method, path, body, **headers)
        data = response.read()
        response.close()
        return Answer(response.status, dict(response.getheaders()), data)

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)


class FastAPIWorld(ControlWorld):
    def serve(self, *policies: dict[str, Any], **options: Any) -> Host:
        """A host of an application that knows these policies."""
        strategies = options.pop("strategies", STRATEGIES)
        self.app = options.pop("app", None) or shop()
        self.server.set_document(list(policies), strategies=strategies)
        times = options.pop("times", 1)
        usage_flow = FastAPIUsageFlowAPI(
            base_url=self.server.url, on_error=self.errors.append, **options
        )
        self.addCleanup(usage_flow.close, 0.001)
        usage_flow.init("uf_live_secret")
        middleware = usage_flow.request_interceptor(
            routes=[{"method": "*", "url": "*"}],
            whitelist_routes=[{"method": "GET", "url": "/health"}],
        )
        for _ in range(times):
            self.app.add_middleware(middleware)
        until(lambda: usage_flow.agent.knows_what_holds)
        return self.host(self.app)

    def host(self, app: Any) -> Host:
        host = Host(app)
        self.addCleanup(host.stop)
        return host


class AnApplication(FastAPIWorld):
    def test_is_limited_and_tells_its_clients(self) -> None:
        host = self.serve(policy(limits=[limit(limit=2)]))
        answers = [host.get("/api/users/7", x_user_id="ada") for _ in range(3)]
        self.assertEqual([each.status for each in answers], [200, 200, 429])
        self.assertEqual(answers[0].body, b'{"user":7}')
        self.assertIn('"hourly";q=2', answers[0].headers["ratelimit-policy"])
        self.assertEqual(answers[2].headers["content-type"], "application/problem+json")
        self.assertIn("retry-after", answers[2].headers)
        self.assertEqual(host.get("/api/users/7", x_user_id="eve").status, 200)

    def test_is_limited_where_it_has_no_route_and_where_it_fails(self) -> None:
        host = self.serve(policy(limits=[limit(limit=2)]))
        statuses = [host.get(path).status for path in ("/api/none", "/api/fails", "/api/x")]
        self.assertEqual(statuses, [404, 500, 429])

    def test_counts_a_request_once_however_many_of_its_middlewares_are_in_the_way(self) -> None:
        host = self.serve(policy(limits=[limit(limit=2)]), times=2)
        statuses = [host.get("/api/users/7").status for _ in range(3)]
        self.assertEqual(statuses, [200, 200, 429])

    def test_has_routes_that_are_exempt(self) -> None:
        host = self.serve(policy(url="*", limits=[limit(limit=1)]))
        answers = [host.get("/health") for _ in range(3)]
        self.assertEqual({each.status for each in answers}, {200})
        self.assertNotIn("ratelimit", answers[0].headers)

    def test_may_say_who_is_calling(self) -> None:
        class Authentication:
            def __init__(self, app: Any) -> None:
                self.app = app

            async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
                if scope["type"] == "http":
                    request = Request(scope)
                    request.state.usageflow = {"claims": {"sub": request.headers["x-token"]}}
                await self.app(scope, receive, send)

        by_claim = [{"id": "str_1", "sources": [{"from": "claim", "name": "sub"}]}]
        self.serve(policy(limits=[limit(limit=1)]), strategies=by_claim)
        host = self.host(Authentication(self.app))
        statuses = [
            host.get("/api/users/7", x_token=who).status for who in ("ada", "ada", "eve", "eve")
        ]
        self.assertEqual(statuses, [200, 429, 200, 429])

    def test_reads_a_body_that_was_read_to_know_who_is_calling(self) -> None:
        by_body = [{"id": "str_1", "sources": [{"from": "body", "name": "user.id"}]}]
        host = self.serve(policy(limits=[limit(limit=1)]), strategies=by_body)
        for user in ("ada", "eve"):
            body = json.dumps({"user": {"id": user}, "more": "x" * 200_000}).encode()
            sent = ("POST", "/api/echo", body)
            self.assertEqual(host.ask(*sent, content_type="application/json").body, body)
            self.assertEqual(host.ask(*sent, content_type="application/json").status, 429)

    def test_gets_a_body_that_is_too_long_to_be_read_all_the_same(self) -> None:
        by_body = [{"id": "str_1", "sources": [{"from": "body", "name": "user"}]}]
        host = self.serve(policy(), strategies=by_body)
        body = json.dumps(["x" * 3_000_000]).encode()
        self.assertEqual(
            host.ask("POST", "/api/echo", body, content_type="application/json").body, body
        )

    def test_whose_client_leaves_in_the_middle_of_a_stream_hears_of_it(self) -> None:
        host = self.serve(policy(limits=[]))
        response = host.open("GET", "/api/endless")
        self.assertEqual(len(response.read(10)), 10)
        response.close()
        until(self.app.state.left.is_set)


class WhatIsCounted(FastAPIWorld):
    def test_is_every_request_by_its_route_whatever_became_of_it(self) -> None:
        host = self.serve(policy(url="/api/users/*", limits=[limit(limit=1)]))
        for path in ("/api/users/7", "/api/users/8", "/api/fails", "/none", "/api/stream"):
            host.get(path)
        host.get("/mounted/acme/things/7")
        host.ask("POST", "/api/echo", b"x" * 1_000)
        until(lambda: sum(row["requests"] for row in self.rows("statistics")) == 7)
        self.assertEqual([status for status, _ in self.counted("GET", "/api/users/:user")], ["200"])
        self.assertEqual(self.counted("GET", "/api/fails")[0][0], "500")
        self.assertEqual({status for status, _ in self.counted("GET", None)}, {"404", "429"})
        self.assertEqual(self.counted("GET", "/mounted/:tenant/things/:thing")[0][0], "200")
        self.assertEqual(self.counted("GET", "/api/stream"), [("200", 5 * len("data: 0\n\n"))])
        [echo] = [row for row in self.rows("statistics") if row["method"] == "POST"]
        self.assertEqual((echo["requestBytes"], echo["responseBytes"]), (1_000, 1_000))
        for route in ("/api/users/:user", "/mounted/:tenant/things/:thing"):
            self.assertIn({"method": "GET", "route": route}, self.rows("routes"))
        self.assertRegex(self.server.said("reports")[0]["agent"], "^fastapi/")

    def test_is_the_announced_body_also_if_nobody_reads_it(self) -> None:
        host = self.serve(policy(limits=[]))
        host.ask("POST", "/api/unread", b"x" * 1_000)
        until(lambda: [row["requestBytes"] for row in self.rows("statistics")] == [1_000])

    def test_is_a_stream_that_its_client_left(self) -> None:
        host = self.serve(policy(limits=[]))
        response = host.open("GET", "/api/endless")
        response.read(10)
        response.close()
        until(lambda: self.counted("GET", "/api/endless"))
        [(status, sent_bytes)] = self.counted("GET", "/api/endless")
        self.assertEqual(status, "200")
        self.assertGreaterEqual(sent_bytes, 10)

    def test_is_usage_with_what_its_rule_reads_of_bodies_and_of_what_the_host_says(self) -> None:
        app = shop()

        @app.post("/api/chats/{chat}")
        async def chat(chat: str, request: Request) -> StreamingResponse:
            request.state.usageflow = {"metadata": {"team": (await request.json())["team"]}}

            async def pieces() -> AsyncIterator[bytes]:
                for piece in CHAT_PIECES:
                    yield piece

            return StreamingResponse(pieces(), media_type="text/event-stream")

        host = self.serve(METERED_CHAT, app=app)
        body = json.dumps({"model": "large", "team": "red"})
        host.ask("POST", "/api/chats/c1", body, x_user_id="ada", content_type="application/json")
        until(lambda: self.server.stored)
        self.check_metered_chat()


class AnApplicationOfAFailingServer(FastAPIWorld):
    def test_answers_each_request_byte_for_byte(self) -> None:
        self.server.slice = 1  # so that the server is asked each time
        host = self.serve(policy(deadlineMs=100, limits=[limit(limit=1_000_000)]))
        plain = self.host(shop())
        big = bytes(range(256)) * 4_096
        for fault in ("none", *UNANSWERED):
            self.server.fault = fault
            with self.subTest(fault):
                for path in ("/api/users/7", "/api/stream", "/api/fails", "/api/none", "/health"):
                    ours, theirs = host.get(path), plain.get(path)
                    self.assertEqual((ours.status, ours.body), (theirs.status, theirs.body), path)
                self.assertEqual(host.ask("POST", "/api/echo", big).body, big)
            self.server.fault = "none"

    def test_goes_on_while_a_request_waits(self) -> None:
        host = self.serve(policy(deadlineMs=1_000))
        self.server.fault = "waits"
        waiting = threading.Thread(target=host.get, args=("/api/users/7",))
        waiting.start()
        until(lambda: self.server.said("leases"))
        start_s = time.monotonic()
        self.assertEqual(host.get("/health").status, 200)
        self.assertLess(time.monotonic() - start_s, 1)
        self.server.go_on.set()
        waiting.join()


class TheEndOfTheApplication(FastAPIWorld):
    def test_sends_what_was_metered_since_a_server_ends_its_process_by_a_signal(self) -> None:
        rule = {"id": "mrl_calls", "event": "API_CALL", "when": ["2xx"], "isSummable": True}
        host = self.serve(policy(limits=[], metering=[{**rule, "captures": []}]))
        for _ in range(3):
            host.get("/api/users/7", x_user_id="ada")
        host.stop()
        self.assertEqual(sum(each["requests"] for each in self.server.stored.values()), 3)


class WhatIsNoRequest(FastAPIWorld):
    def test_passes_untouched(self) -> None:
        seen: list[object] = []

        async def app(scope: Any, receive: Any, send: Any) -> None:
            seen.append((scope, receive, send))

        usage_flow = FastAPIUsageFlowAPI("k", self.server.url, on_error=self.errors.append)
        self.addCleanup(usage_flow.close, 0.001)
        middleware: Any = usage_flow.request_interceptor()(app)
        given = ({"type": "websocket"}, object(), object())
        asyncio.run(middleware(*given))
        self.assertEqual(seen.pop(), given)


class WithoutAKey(FastAPIWorld):
    def test_an_application_answers_as_it_did(self) -> None:
        app = shop()
        usage_flow = FastAPIUsageFlowAPI(on_error=self.errors.append)
        app.add_middleware(usage_flow.request_interceptor())
        self.assertEqual(self.host(app).get("/api/users/7").body, b'{"user":7}')
        self.assertEqual([error.code for error in self.errors], ["client.config"])
