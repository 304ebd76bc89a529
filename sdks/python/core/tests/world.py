"""A server, who sends to it, and what they reported."""

from __future__ import annotations

import time
import unittest
from collections.abc import Callable
from typing import Any

from usageflow.core import UsageFlow, UsageFlowError

from .faulty_server import FaultyServer

CUSTOMER = "user_123"
#: For what comes, however busy the machine is.
WAIT_S = 60.0


class World(unittest.TestCase):
    def setUp(self) -> None:
        self.server = FaultyServer()
        self.addCleanup(self.server.stop)
        self.errors: list[UsageFlowError] = []

    def client(self, **options: Any) -> UsageFlow:
        """Closed when the test has ended."""
        defaults = {
            "api_key": "uf_live_secret",
            "base_url": self.server.url,
            "flush_s": 0.02,
            "timeout_s": WAIT_S,
            "on_error": self.errors.append,
        }
        client = UsageFlow(**{**defaults, **options})
        self.addCleanup(client.close, 0.001)
        return client

    def track_many(self, client: UsageFlow, count: int) -> None:
        """Events of the amounts 1, 2, … `count`, so that each can be told apart."""
        for amount in range(1, count + 1):
            client.track(name="API_CALL", customer_id=CUSTOMER, amount=amount)

    def once_each(self, count: int) -> list[str]:
        return [str(amount) for amount in range(1, count + 1)]

    def expect(self, client: UsageFlow, **expected: object) -> None:
        stats = client.stats()
        self.assertEqual({name: getattr(stats, name) for name in expected}, expected)
        self.expect_exact(client)

    def expect_exact(self, client: UsageFlow) -> None:
        """That nothing is forgotten and nothing invented."""
        stats = client.stats()
        ends = stats.delivered + stats.queued + stats.refused + stats.dropped
        self.assertEqual(stats.produced, ends, stats)

    def until(self, holds: Callable[[], object]) -> None:
        until(holds)


def until(holds: Callable[[], object]) -> None:
    end_s = time.monotonic() + WAIT_S
    while not holds():
        if time.monotonic() > end_s:
            raise AssertionError("it has not come")
        time.sleep(0.005)
