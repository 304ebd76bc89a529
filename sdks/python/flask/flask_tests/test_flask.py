from __future__ import annotations

import json
import threading
import unittest
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import flask
from tests.control_server import STRATEGIES, ControlServer, limit, policy
from tests.faulty_server import UNANSWERED
from tests.world import until
from usageflow.core import UsageFlowError
from usageflow.flask import FlaskUsageFlowAPI
from werkzeug.serving import make_server


def shop() -> flask.Flask:
    """An application as others write them."""
    app = flask.Flask("shop")

    @app.get("/api/users/<int:user>")
    def user(user: int) -> dict[str, int]:
        return {"user": user}

    @app.post("/api/echo")
    def echo() -> flask.Response:
        return flask.Response(flask.request.stream.read(), content_type="application/octet-stream")

    @app.get("/api/stream")
    def stream() -> flask.Response:
        def pieces() -> Iterator[bytes]:
            for number in range(5):
                yield b"data: %d\n\n" % number

        return flask.Response(pieces(), content_type="text/event-stream")

    @app.get("/api/fails")
    def fails() -> str:
        raise RuntimeError("the host fails")

    @app.get("/health")
    def health() -> str:
        return "well"

    return app


class FlaskWorld(unittest.TestCase):
    def setUp(self) -> None:
        self.server = ControlServer()
        self.addCleanup(self.server.stop)
        self.errors: list[UsageFlowError] = []

    def serve(self, *policies: dict[str, Any], **options: Any) -> flask.Flask:
        """An application that knows these policies."""
        strategies = options.pop("strategies", STRATEGIES)
        app = options.pop("app", None) or shop()
        self.server.set_document(list(policies), strategies=strategies)
        self.api = FlaskUsageFlowAPI(
            base_url=self.server.url, on_error=self.errors.append, **options
        )
        self.addCleanup(self.api.close, 0.001)
        self.api.init("uf_live_secret")
        middleware = self.api.request_interceptor(
            routes=[{"method": "*", "url": "*"}],
            whitelist_routes=[{"method": "GET", "url": "/health"}],
        )
        self.assertIs(middleware(app), app)
        until(lambda: self.api.agent.knows_what_holds)
        return app


class AnApplication(FlaskWorld):
    def test_is_limited_and_tells_its_clients(self) -> None:
        client = self.serve(policy(limits=[limit(limit=2)])).test_client()
        ada = {"X-User-Id": "ada"}
        answers = [client.get("/api/users/7", headers=ada) for _ in range(3)]
        self.assertEqual([each.status_code for each in answers], [200, 200, 429])
        self.assertEqual(answers[0].json, {"user": 7})
        self.assertIn('"hourly";q=2', answers[0].headers["RateLimit-Policy"])
        self.assertEqual(answers[2].content_type, "application/problem+json")
        self.assertIn("Retry-After", answers[2].headers)
        self.assertEqual(client.get("/api/users/7", headers={"X-User-Id": "e"}).status_code, 200)

    def test_is_limited_where_it_has_no_route_and_where_it_fails(self) -> None:
        client = self.serve(policy(limits=[limit(limit=2)])).test_client()
        statuses = [client.get(path).status_code for path in ("/api/none", "/api/fails", "/api/x")]
        self.assertEqual(statuses, [404, 500, 429])

    def test_has_routes_that_are_exempt(self) -> None:
        everything = policy(url="*", limits=[limit(limit=1)])
        client = self.serve(everything).test_client()
        answers = [client.get("/health") for _ in range(3)]
        self.assertEqual({each.status_code for each in answers}, {200})
        self.assertNotIn("RateLimit", answers[0].headers)

    def test_is_limited_below_where_it_is_mounted(self) -> None:
        client = self.serve(policy(url="/api/users/:id", limits=[limit(limit=1)])).test_client()
        mounted = {"base_url": "http://localhost/mounted"}
        statuses = [client.get("/api/users/7", **mounted).status_code for _ in range(2)]
        self.assertEqual(statuses, [200, 429])

    def test_may_say_who_is_calling(self) -> None:
        app = flask.Flask("outer")

        @app.before_request
        def authenticate() -> None:
            flask.g.usageflow = {"claims": {"sub": flask.request.headers["X-Token"]}}

        app.add_url_rule("/api/x", view_func=lambda: "x")
        by_claim = [{"id": "str_1", "sources": [{"from": "claim", "name": "sub"}]}]
        self.serve(policy(limits=[limit(limit=1)]), app=app, strategies=by_claim)
        client = app.test_client()
        callers = [{"X-Token": token} for token in ("ada", "ada", "eve", "eve")]
        statuses = [client.get("/api/x", headers=each).status_code for each in callers]
        self.assertEqual(statuses, [200, 429, 200, 429])

    def test_reads_a_body_that_was_read_to_know_who_is_calling(self) -> None:
        by_body = [{"id": "str_1", "sources": [{"from": "body", "name": "user.id"}]}]
        limited = policy(limits=[limit(limit=1)])
        client = self.serve(limited, strategies=by_body).test_client()
        for user in ("ada", "eve"):
            body = json.dumps({"user": {"id": user}}).encode()
            sent = {"data": body, "content_type": "application/json"}
            self.assertEqual(client.post("/api/echo", **sent).data, body)
            self.assertEqual(client.post("/api/echo", **sent).status_code, 429)


class AnApplicationOfAFailingServer(FlaskWorld):
    def test_answers_each_request_byte_for_byte(self) -> None:
        self.server.slice = 1  # so that the server is asked each time
        app = self.serve(policy(deadlineMs=100, limits=[limit(limit=1_000_000)]))
        plain = shop().test_client()
        client = app.test_client()
        for fault in ("none", *UNANSWERED):
            self.server.fault = fault
            with self.subTest(fault):
                for path in ("/api/users/7", "/api/stream", "/api/fails", "/api/none", "/health"):
                    ours, theirs = client.get(path), plain.get(path)
                    self.assertEqual((ours.status, ours.data), (theirs.status, theirs.data), path)
                big = bytes(range(256)) * 4_096
                self.assertEqual(client.post("/api/echo", data=big).data, big)
            self.server.fault = "none"


class OneThatHasGone(FlaskWorld):
    def test_takes_no_thread_of_the_host_with_it(self) -> None:
        """A client that leaves in the middle of a stream, on a real server."""
        app = self.serve(policy(limits=[]))
        closed = threading.Event()

        @app.get("/api/endless")
        def endless() -> flask.Response:
            def pieces() -> Iterator[bytes]:
                try:
                    while True:
                        yield b"x" * 1_000
                finally:
                    closed.set()

            return flask.Response(pieces())

        host = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=host.serve_forever, daemon=True).start()
        self.addCleanup(host.server_close)
        self.addCleanup(host.shutdown)
        connection = HTTPConnection("127.0.0.1", host.server_port)
        connection.request("GET", "/api/endless")
        self.assertEqual(len(connection.getresponse().read(10)), 10)
        connection.close()
        until(closed.is_set)


class WithoutAKey(unittest.TestCase):
    def test_an_application_answers_as_it_did(self) -> None:
        errors: list[UsageFlowError] = []
        app = shop()
        FlaskUsageFlowAPI(on_error=errors.append).request_interceptor()(app)
        self.assertEqual(app.test_client().get("/api/users/7").json, {"user": 7})
        self.assertEqual([error.code for error in errors], ["client.config"])

    def test_patterns_that_cannot_be_understood_stop_the_host_where_it_is_put_together(
        self,
    ) -> None:
        with self.assertRaisesRegex(UsageFlowError, "is no route pattern"):
            FlaskUsageFlowAPI(on_error=print).request_interceptor([{"url": "/a/*/b"}])
