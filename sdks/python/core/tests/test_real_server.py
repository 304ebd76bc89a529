from __future__ import annotations

import time
import unittest
import uuid
from decimal import Decimal

from usageflow.core import UsageFlow, UsageFlowError

from .real_server import KEY, URL, with_real_server
from .world import WAIT_S


@with_real_server
class TheRealServer(unittest.TestCase):
    def setUp(self) -> None:
        self.errors: list[UsageFlowError] = []
        self.client = UsageFlow(KEY, URL, timeout_s=WAIT_S, on_error=self.errors.append)
        self.addCleanup(self.client.close, 0.001)
        self.customer = f"python-{uuid.uuid4()}"

    def test_takes_whatever_amount_and_metadata_the_client_takes(self) -> None:
        amounts = (None, 1, 0.1, 1e-7, "0.10", Decimal("1E+3"), 10**26 - 1)
        metadata = {
            "a": 0.1 + 0.2,
            "b": [1.0, 1e22, True, None],
            "c": {"d": "ü\u2028😀"},
            "e": 2**70,
        }
        for amount in amounts:
            self.client.track(
                name="API_CALL", customer_id=self.customer, amount=amount, metadata=metadata
            )
        stats = self.client.flush(WAIT_S)
        self.assertEqual([str(error) for error in self.errors], [])
        self.assertEqual((stats.delivered, stats.queued), (len(amounts), 0))

    def test_counts_a_repeat_once_and_refuses_the_same_key_for_something_else(self) -> None:
        key = str(uuid.uuid4())
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())

        def send(amount: int) -> str:
            sent = self.client.send(
                name="API_CALL",
                customer_id=self.customer,
                amount=amount,
                idempotency_key=key,
                timestamp=at,
                deadline_s=WAIT_S,
            )
            return sent.status

        self.assertEqual([send(1), send(1)], ["recorded", "duplicate"])
        with self.assertRaises(UsageFlowError) as caught:
            send(2)
        self.assertEqual(caught.exception.code, "usage.key_reused")

    def test_refuses_one_event_and_takes_its_neighbours(self) -> None:
        deep: dict[str, object] = {}
        for _ in range(50):
            deep = {"a": deep}
        self.client.track(name="API_CALL", customer_id=self.customer)
        self.client.track(name="API_CALL", customer_id=self.customer, metadata=deep)
        self.client.track(
            name="API_CALL", customer_id=self.customer, timestamp="2001-01-01T00:00:00Z"
        )
        self.client.track(name="API_CALL", customer_id=self.customer)
        stats = self.client.flush(WAIT_S)
        self.assertEqual((stats.delivered, stats.refused, stats.queued), (2, 2, 0))
        codes = {error.code for error in self.errors}
        self.assertIn("usage.timestamp_too_old", codes)

    def test_refuses_a_key_that_it_does_not_know(self) -> None:
        stranger = UsageFlow("uf_test_nobody", URL, on_error=self.errors.append)
        with self.assertRaises(UsageFlowError) as caught:
            stranger.send(name="API_CALL", customer_id=self.customer, deadline_s=WAIT_S)
        self.assertEqual((caught.exception.kind, caught.exception.status), ("refused", 401))
