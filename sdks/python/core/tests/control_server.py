"""A server that answers agents as the real one does, notes what they say, and behaves badly on demand."""

from __future__ import annotations

import json
import threading
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

from .faulty_server import Exchange, FaultyServer

LIFE_MS = 5_000
RECORDED = {"status": "recorded"}


class ControlServer(FaultyServer):
    """`lent` has what was lent of a limit for an identity and not given back, `calls` what has come."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Any]] = []
        self.lent: dict[str, int] = {}
        self.at_once = self.at_once_max = 0
        self.slice = 1_000_000
        self._leases: dict[str, tuple[str, int]] = {}
        self._document: dict[str, Any] = {"version": 0, "policies": []}
        self._changed = threading.Condition()
        super().__init__()

    def set_document(self, policies: list[dict[str, Any]], **others: Any) -> None:
        with self._changed:
            version = self._document["version"] + 1
            now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            self._document = {"version": version, "now": now, "policies": policies, **others}
            self._changed.notify_all()

    def said(self, call: str) -> list[Any]:
        """The bodies of all calls of a kind."""
        return [body for name, body in list(self.calls) if name == call]

    def note(self, exchange: Exchange) -> None:
        body = json.loads(exchange.body) if exchange.body else None
        self.calls.append((_call_of(exchange), body))

    def handle(self, exchange: Exchange) -> None:
        is_asking = _call_of(exchange) == "leases"
        self.at_once += is_asking
        self.at_once_max = max(self.at_once, self.at_once_max)
        try:
            super().handle(exchange)
        finally:
            self.at_once -= is_asking

    def answer_to(self, exchange: Exchange) -> bytes:
        if exchange.method == "GET":
            return json.dumps(self._document).encode()
        body = json.loads(exchange.body)
        call = _call_of(exchange)
        if call == "leases":
            return json.dumps(self._lend(body)).encode()
        return json.dumps(self._take_usage(body) if call == "usage" else RECORDED).encode()

    def serve(self, exchange: Exchange) -> None:
        if exchange.method == "GET":
            self._serve_config(exchange)
        else:
            super().serve(exchange)

    def _serve_config(self, exchange: Exchange) -> None:
        wait_s = int(parse_qs(urlsplit(exchange.path).query)["wait"][0])
        known = exchange.headers.get("If-None-Match")
        with self._changed:
            self._changed.wait_for(
                lambda: known != self._etag() or self.stopped.is_set(), timeout=wait_s
            )
            if known == self._etag():
                exchange.answer(304, ETag=self._etag())
            else:
                exchange.answer(200, json.dumps(self._document).encode(), ETag=self._etag())

    def stop(self) -> None:
        self.stopped.set()
        with self._changed:
            self._changed.notify_all()
        super().stop()

    def _etag(self) -> str:
        return f'"{self._document["version"]}"'

    def _lend(self, body: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            for settlement in body["settle"]:
                name, units = self._leases.pop(settlement["id"], ("", 0))
                if name:
                    self.lent[name] -= units - settlement["used"]
            return {"results": [self._lend_one(ask) for ask in body["ask"]]}

    def _lend_one(self, ask: dict[str, Any]) -> dict[str, Any]:
        name = json.dumps([ask["limit"], ask["identity"]])
        limit = self._limit_of(ask["limit"])
        left = limit["limit"] - self.lent.get(name, 0)
        if limit["algorithm"] == "sliding_window":
            is_allowed = left > 0
            self.lent[name] = self.lent.get(name, 0) + (1 if is_allowed else 0)
            waits = {"retryAfterMs": 0 if is_allowed else 7_000, "resetMs": 9_000}
            return {
                "id": ask["id"],
                "isAllowed": is_allowed,
                "remaining": max(0, left - 1),
                **waits,
            }
        units = max(0, min(left, self.slice))
        self.lent[name] = self.lent.get(name, 0) + units
        self._leases[ask["id"]] = (name, units)
        waits = {"retryAfterMs": 0 if units else 7_000, "askAgainMs": 0 if units else 1_000}
        return {"id": ask["id"], "units": units, "lifeMs": LIFE_MS if units else 0, **waits}

    def _limit_of(self, reference: dict[str, Any]) -> dict[str, Any]:
        if "pattern" in reference:
            return reference
        policies = {policy["id"]: policy for policy in self._document["policies"]}
        limits = policies[reference["policyId"]]["limits"]
        return next(limit for limit in limits if limit["name"] == reference["name"])

    def _take_usage(self, body: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            return {"results": [self._take_one(usage) for usage in body["usage"]]}

    def _take_one(self, usage: dict[str, Any]) -> dict[str, Any]:
        key = usage["idempotencyKey"]
        if self.stored.setdefault(key, usage) is usage:
            return {"status": "recorded", "eventId": f"evt_{key}"}
        return {"status": "duplicate", "eventId": f"evt_{key}"}


def policy(**changes: Any) -> dict[str, Any]:
    """Of three requests an hour for each `x-user-id`, unless it is changed."""
    return {
        "id": "pol_1",
        "key": "free-tier",
        "method": "*",
        "url": "/api/*",
        "priority": 0,
        "strategyId": "str_1",
        "mode": "enforce",
        "withoutAnswer": "allow",
        "deadlineMs": 1_000,
        "limits": [limit()],
        **changes,
    }


def limit(**changes: Any) -> dict[str, Any]:
    algorithm = {"algorithm": "fixed_window", "limit": 3, "window": "1h", "per": "identity"}
    return {"name": "hourly", **algorithm, **changes}


STRATEGIES = [{"id": "str_1", "sources": [{"from": "header", "name": "x-user-id"}]}]


def _call_of(exchange: Exchange) -> str:
    return urlsplit(exchange.path).path.rpartition("/")[2]
