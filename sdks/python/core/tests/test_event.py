from __future__ import annotations

import datetime
import enum
import json
import unittest
import uuid
from decimal import Decimal
from typing import Any

from usageflow.core.client.errors import UsageFlowError
from usageflow.core.client.event import read_event

EVENT = {"name": "API_CALL", "customer_id": "user_123"}
NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.timezone.utc)


def written(**given: object) -> Any:
    return json.loads(read_event((), given, lambda: NOON).json)


class AnEvent(unittest.TestCase):
    def expect_refused(self, field: str, given: dict[str, object]) -> None:
        with self.assertRaisesRegex(UsageFlowError, f"^{field}: ") as caught:
            written(**given)
        self.assertEqual(caught.exception.kind, "invalid")

    def test_has_an_amount_of_1_a_time_and_a_key_and_may_be_named_by_metric(self) -> None:
        event = written(metric="API_CALL", customer_id="user_123")
        uuid.UUID(event.pop("idempotencyKey"))
        self.assertEqual(
            event,
            {
                "name": "API_CALL",
                "customerId": "user_123",
                "amount": "1",
                "timestamp": "2026-03-01T12:00:00.000Z",
            },
        )

    def test_of_which_a_field_is_wrong_is_refused_by_the_name_of_the_field(self) -> None:
        holds_itself: dict[str, object] = {}
        holds_itself["self"] = holds_itself
        cases: list[tuple[str, dict[str, object]]] = [
            ("name", {"customer_id": "a"}),
            ("metric", {**EVENT, "metric": "API_CALL"}),
            ("name", {**EVENT, "name": "n" * 101}),
            ("name", {**EVENT, "name": "\U0001f600" * 51}),
            ("customer_id", {"name": "a"}),
            ("customer_id", {**EVENT, "customer_id": 7}),
            ("customer_id", {**EVENT, "customer_id": "\ud800"}),
            ("metadata", {**EVENT, "metadata": {"a": ["\0"]}}),
            ("metadata", {**EVENT, "metadata": []}),
            ("metadata", {**EVENT, "metadata": {"a": object()}}),
            ("metadata", {**EVENT, "metadata": {("a",): 1}}),
            ("metadata", {**EVENT, "metadata": {"a": "x" * 2**20}}),
            ("metadata", {**EVENT, "metadata": {"a": 10**10_000}}),
            ("metadata", {**EVENT, "metadata": holds_itself}),
            ("timestamp", {**EVENT, "timestamp": datetime.datetime(2026, 3, 1)}),
            ("timestamp", {**EVENT, "timestamp": datetime.date(2026, 3, 1)}),
            ("timestamp", {**EVENT, "timestamp": 1}),
            ("timestamp", {**EVENT, "timestamp": "yesterday"}),
            ("idempotency_key", {**EVENT, "idempotency_key": ""}),
            ("idempotency_key", {**EVENT, "idempotency_key": "ü"}),
            ("idempotency_key", {**EVENT, "idempotency_key": "a\n"}),
            ("amuont", {**EVENT, "amuont": 1}),
        ]
        for field, given in cases:
            with self.subTest(field=field):
                self.expect_refused(field, given)

    def test_that_raises_when_it_is_read_is_refused_like_any_other(self) -> None:
        class Trap(dict[str, object]):
            def items(self) -> Any:
                raise RuntimeError("uf_live_secret")

        self.expect_refused("event", {**EVENT, "metadata": Trap()})

    def test_needs_a_clock_that_knows_its_time_zone(self) -> None:
        for now in (datetime.datetime(2026, 3, 1), None):
            with self.assertRaisesRegex(UsageFlowError, "^clock: "):
                read_event((), EVENT, lambda now=now: now)  # type: ignore[misc]

    def test_has_its_time_in_utc_whatever_zone_it_was_given_in(self) -> None:
        zone = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
        given = datetime.datetime(2026, 3, 1, 1, 2, 3, 456_789, tzinfo=zone)
        self.assertEqual(written(**EVENT, timestamp=given)["timestamp"], "2026-02-28T19:32:03.456Z")

    def test_is_not_lost_for_what_json_has_no_word_for_in_its_metadata(self) -> None:
        class Size(str, enum.Enum):
            LARGE = "large"

        some_id = uuid.uuid4()
        metadata = {
            "seconds": 0.1 + 0.2,
            "big": 2**70,
            "count": 3,
            "none": float("nan"),
            "price": Decimal("0.10"),
            "at": NOON,
            "id": some_id,
            "size": Size.LARGE,
            "pair": (1, True),
            7: None,
        }
        self.assertEqual(
            written(**EVENT, metadata=metadata)["metadata"],
            {
                "seconds": "0.30000000000000004",
                "big": "1180591620717411303424",
                "count": 3,
                "none": None,
                "price": "0.10",
                "at": "2026-03-01T12:00:00+00:00",
                "id": str(some_id),
                "size": "large",
                "pair": [1, True],
                "7": None,
            },
        )

    def test_does_not_change_any_more_when_its_host_changes_what_it_gave(self) -> None:
        metadata = {"model": "large"}
        entry = read_event((), {**EVENT, "metadata": metadata}, lambda: NOON)
        metadata["model"] = "small"
        self.assertEqual(entry.event["metadata"], {"model": "large"})

    def test_is_the_same_event_when_what_an_error_holds_is_given_again(self) -> None:
        entry = read_event((), {**EVENT, "metadata": {"a": 1}, "amount": "0.10"}, lambda: NOON)
        again = read_event((), dict(entry.event), lambda: NOON)
        self.assertEqual(json.loads(again.json), json.loads(entry.json))
