"""Puts the agent into an application of FastAPI."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Callable

from starlette.types import ASGIApp

from usageflow.core.agent import RouteOption
from usageflow.core.agent.framework import FrameworkAPI

from .served import ServedApp

VERSION = "0.1.0"


class FastAPIUsageFlowAPI(FrameworkAPI):
    """`.init(key)`, then `app.add_middleware(usage_flow.request_interceptor())`."""

    name = f"fastapi/{VERSION}"

    def request_interceptor(
        self,
        routes: Sequence[RouteOption] | None = None,
        whitelist_routes: Sequence[RouteOption] | None = None,
    ) -> Callable[[ASGIApp], ServedApp]:
        """
        What `app.add_middleware` takes, or what is applied to any ASGI application. Middleware that is
        added later runs before it. Raises a `config` error for routes that cannot be read.
        """
        coverage = self._covered(routes, whitelist_routes)

        def middleware(app: ASGIApp) -> ServedApp:
            return ServedApp(app, self, coverage)

        return middleware
