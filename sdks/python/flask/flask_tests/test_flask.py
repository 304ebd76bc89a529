from __future__ import annotations

import io
import json
import threading
import unittest
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import flask
from tests.control_server import STRATEGIES, limit, policy
from tests.control_world import CHAT_PIECES, METERED_CHAT, ControlWorld
from tests.faulty_server import UNANSWERED
from tests.world import WAIT_S, until
from usageflow.core import UsageFlowError
from usageflow.flask import FlaskUsageFlowAPI
from werkzeug.serving import WSGIRequestHandler, make_server


def shop() -> flask.Flask:
    """An application as others write them."""
    app = flask.Flask("shop")
    app.logger.disabled = True

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


class FlaskWorld(ControlWorld):
    def serve(self, *policies: dict[str, Any], **options: Any) -> flask.Flask:
        """An application that knows these policies."""
        strategies = options.pop("strategies", STRATEGIES)
        app = options.pop("app", None) or shop()
        self.server.set_document(list(policies), strategies=strategies)
        times = options.pop("times", 1)
        self.api = FlaskUsageFlowAPI(
            base_url=self.server.url, on_error=self.errors.append, **options
        )
        self.addCleanup(self.api.close, 0.001)
        self.api.init("uf_live_secret")
        middleware = self.api.request_interceptor(
            routes=[{"method": "*", "url": "*"}],
            whitelist_routes=[{"method": "GET", "url": "/health"}],
        )
        for _ in range(times):
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

    def test_counts_a_request_once_however_many_of_its_middlewares_are_in_the_way(self) -> None:
        client = self.serve(policy(limits=[limit(limit=2)]), times=2).test_client()
        statuses = [client.get("/api/users/7").status_code for _ in range(3)]
        self.assertEqual(statuses, [200, 200, 429])

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


class WhatIsCounted(FlaskWorld):
    def test_is_every_request_by_its_route_whatever_became_of_it(self) -> None:
        app = self.serve(policy(url="/api/users/*", limits=[limit(limit=1)]))
        client = app.test_client()
        for path in ("/api/users/7", "/api/users/8", "/api/fails", "/none", "/api/stream"):
            client.get(path, buffered=True).close()
        client.post("/api/echo", data=b"x" * 1_000, buffered=True).close()
        until(lambda: sum(row["requests"] for row in self.rows("statistics")) == 6)
        statuses = {status for status, _ in self.counted("GET", "/api/users/:user")}
        self.assertEqual(statuses, {"200", "429"})
        self.assertEqual(self.counted("GET", "/api/fails")[0][0], "500")
        self.assertEqual(self.counted("GET", None)[0][0], "404")
        self.assertEqual(self.counted("GET", "/api/stream"), [("200", 5 * len("data: 0\n\n"))])
        [echo] = [row for row in self.rows("statistics") if row["method"] == "POST"]
        self.assertEqual((echo["requestBytes"], echo["responseBytes"]), (1_000, 1_000))
        self.assertIn({"method": "GET", "route": "/api/users/:user"}, self.rows("routes"))
        self.assertRegex(self.server.said("reports")[0]["agent"], "^flask/")

    def test_counts_whatever_the_client_says_of_its_body(self) -> None:
        app = self.serve(policy(url="/api/users/*"))
        for said in ("9" * 5_000, "9" * 15, "-1", "many"):
            environ = {"CONTENT_LENGTH": said}
            app.test_client().get("/api/users/7", environ_overrides=environ, buffered=True).close()
        until(lambda: sum(row["requests"] for row in self.rows("statistics")) == 4)
        told = {row["requestBytes"] for row in self.rows("statistics")}
        self.assertLessEqual(max(told), 1_000_000_000_000)

    def test_is_what_is_read_of_a_body_whose_length_is_not_announced(self) -> None:
        client = self.serve(policy(limits=[])).test_client()
        terminated = {"wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
        environ = {**terminated, "HTTP_TRANSFER_ENCODING": "chunked"}
        body = io.BytesIO(b"x" * 1_000)
        client.post("/api/echo", input_stream=body, environ_overrides=environ, buffered=True)
        until(lambda: [row["requestBytes"] for row in self.rows("statistics")] == [1_000])

    def test_is_a_failure_that_the_application_lets_through(self) -> None:
        app = self.serve(policy(limits=[]))
        app.testing = True
        with self.assertRaisesRegex(RuntimeError, "the host fails"):
            app.test_client().get("/api/fails")
        until(lambda: self.counted("GET", "/api/fails"))
        self.assertEqual(self.counted("GET", "/api/fails"), [("500", 0)])

    def test_is_usage_with_what_its_rule_reads_of_bodies_and_of_what_the_host_says(self) -> None:
        app = shop()

        @app.post("/api/chats/<chat>")
        def chat(chat: str) -> flask.Response:
            flask.g.usageflow = {"metadata": {"team": "red"}}

            def pieces() -> Iterator[bytes]:
                yield from CHAT_PIECES

            return flask.Response(pieces(), content_type="text/event-stream")

        client = self.serve(METERED_CHAT, app=app).test_client()
        sent = {"json": {"model": "large"}, "headers": {"x-user-id": "ada"}}
        client.post("/api/chats/c1", **sent, buffered=True).close()
        self.assertEqual(self.api.agent.flush(WAIT_S).delivered, 1)
        self.check_metered_chat()


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


class Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        pass


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

        host = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
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
