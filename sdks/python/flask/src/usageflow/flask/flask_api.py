"""Puts the agent into an application of Flask."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from typing import Callable

import flask

from usageflow.core.agent import Exchange, RequestParts, RouteOption, drive
from usageflow.core.agent.exchange import NO_PARTS
from usageflow.core.agent.framework import FrameworkAPI
from usageflow.core.agent.template import route_template

from .served import SERVED, Served, ServedApp

VERSION = "0.1.0"
_IMPLIED_METHODS = {"HEAD", "OPTIONS"}
_BODY_BYTES_MAX = 1024 * 1024


class FlaskUsageFlowAPI(FrameworkAPI):
    """`.init(key)`, then `.request_interceptor()(app)`."""

    name = f"flask/{VERSION}"
    _rules_known = 0

    def request_interceptor(
        self,
        routes: Sequence[RouteOption] | None = None,
        whitelist_routes: Sequence[RouteOption] | None = None,
    ) -> Callable[[flask.Flask], flask.Flask]:
        """
        What is applied to an application: `middleware(app)`. Functions that the application runs before its
        requests and that were registered earlier run before it. Raises a `config` error for routes that
        cannot be read.
        """
        coverage = self._covered(routes, whitelist_routes)

        def middleware(app: flask.Flask) -> flask.Flask:
            app.wsgi_app = ServedApp(app.wsgi_app, self, coverage)  # type: ignore[method-assign]
            app.before_request(self._decide)
            return app

        return middleware

    def _decide(self) -> flask.Response | None:
        """An answer in place of the application's, if the request does not pass."""
        served = flask.request.environ.get(SERVED)
        if not isinstance(served, Served) or served.is_decided:
            return None
        served.is_decided = True
        parts = self.agent.safely(self._look, served) or NO_PARTS
        drive(self.agent.decide(served.exchange, parts))
        refusal = served.exchange.refusal
        if refusal is None:
            return None
        return flask.Response(refusal.body, refusal.status, dict(refusal.headers))

    def _look(self, served: Served) -> RequestParts:
        """What the framework and the application know of the request by now."""
        self._learn_routes()
        served.context = flask.g._get_current_object()
        rule = flask.request.url_rule
        if rule is not None:
            served.template = route_template(rule.rule)
            served.params = flask.request.view_args
            self.agent.know_template(served.exchange, served.template)
        parts = _parts_of(served.exchange)
        served.body = parts.body
        return parts

    def _learn_routes(self) -> None:
        """Of the application; again when it got more of them."""
        rules = flask.current_app.url_map._rules
        if len(rules) == self._rules_known:
            return
        self._rules_known = len(rules)
        self.agent.learn_routes(
            (method, route_template(rule.rule))
            for rule in list(rules)
            for method in sorted((rule.methods or set()) - _IMPLIED_METHODS)
        )


def _parts_of(exchange: Exchange) -> RequestParts:
    request = flask.request
    told = flask.g.get("usageflow")
    return RequestParts(
        headers={name.lower(): value for name, value in request.headers.items()},
        query=request.query_string.decode("latin-1"),
        body=_json_body() if exchange.reads_body or exchange.captures_request_body else None,
        claims=told.get("claims") if isinstance(told, Mapping) else None,
        client_address=request.remote_addr or "",
    )


def _json_body() -> object:
    """The application can read it again, in whatever way. None if it is no JSON, or too long."""
    request = flask.request
    length = request.content_length
    if not request.is_json or length is None or length > _BODY_BYTES_MAX:
        return None
    data = request.get_data(cache=True)
    request.__dict__["stream"] = io.BytesIO(data)
    try:
        parsed: object = json.loads(data)
        return parsed
    except (ValueError, RecursionError):
        return None
