"""What is special in Python; what every SDK does alike is in `sdks/conformance`."""

from __future__ import annotations

import datetime
import decimal
import math
import unittest
from collections.abc import Iterator

from usageflow.core.policy import (
    COLLECTED_FIELDS,
    AppliedLimit,
    IdentitySource,
    Omission,
    RequestParts,
    Route,
    compile_routes,
    decide,
    format_duration,
    identify,
    is_exempt,
    parse_duration,
    parse_rate_limit,
    query_names,
    quota_exceeded,
    redact,
)


class Durations(unittest.TestCase):
    def test_come_back_from_their_text(self) -> None:
        for seconds in (*range(1, 4_000), *range(3_600, 366 * 86_400, 98_765)):
            self.assertEqual(parse_duration(format_duration(seconds * 1_000)), seconds * 1_000)

    def test_that_are_no_text_are_refused_since_options_come_from_untyped_programs(self) -> None:
        values: tuple[object, ...] = (60, None, True, ["1h"], {}, b"1h")
        for value in values:
            with self.subTest(value=value), self.assertRaisesRegex(ValueError, '"15m"'):
                parse_duration(value)  # type: ignore[arg-type]

    def test_that_are_no_whole_number_have_no_text(self) -> None:
        values: tuple[object, ...] = (1_000.0, True, math.nan, math.inf, "1000")
        for value in values:
            with self.subTest(value=value), self.assertRaises(ValueError):
                format_duration(value)  # type: ignore[arg-type]


class Limits(unittest.TestCase):
    def test_of_what_is_no_whole_number_are_refused(self) -> None:
        for limit in (True, 10.0, math.nan, None):
            with self.subTest(limit=limit), self.assertRaisesRegex(ValueError, "whole number"):
                parse_rate_limit(limit, "1h")  # type: ignore[arg-type]

    def test_take_no_cost_that_is_no_whole_number(self) -> None:
        limit = parse_rate_limit(10, "1h")
        for cost in (-1, 0.5, True, 2**53):
            with self.subTest(cost=cost), self.assertRaisesRegex(ValueError, "units"):
                decide(limit, None, cost, 0)  # type: ignore[arg-type]

    def test_that_refuse_are_named_and_those_that_would_not_are_not(self) -> None:
        limit = parse_rate_limit(10, "1h")
        full = decide(limit, decide(limit, None, 10, 0).state, 1, 1)
        limits = [
            AppliedLimit("per hour", limit, full),
            AppliedLimit("per day", limit, decide(limit, None, 1, 0)),
        ]
        self.assertEqual(quota_exceeded(limits)["violated-policies"], ["per hour"])

    def test_of_a_bucket_stay_exact_over_any_pause(self) -> None:
        limit = parse_rate_limit(3, "10s", "token_bucket")
        spent = decide(limit, None, 3, 0)
        self.assertEqual(decide(limit, spent.state, 1, 3_333).retry_after_ms, 1)
        self.assertTrue(decide(limit, spent.state, 1, 3_334).is_allowed)
        self.assertEqual(decide(limit, spent.state, 0, 2**80).remaining, 3)


class Identities(unittest.TestCase):
    def test_are_no_attributes_of_what_stands_in_a_body(self) -> None:
        strategy = [IdentitySource("body", "items")]
        self.assertEqual(identify(strategy, RequestParts(body={})).kind, "network")

    def test_are_no_truth_values_nor_numbers_that_are_not_exact(self) -> None:
        for value in (True, math.nan, math.inf, 2.0**53, 10**400, b"u1"):
            with self.subTest(value=value):
                parts = RequestParts(body={"id": value})
                self.assertEqual(identify([IdentitySource("body", "id")], parts).kind, "network")

    def test_that_are_called_like_an_address_have_a_limit_of_their_own(self) -> None:
        parts = RequestParts(body={"id": "192.0.2.1"}, client_address="192.0.2.1")
        customer = identify([IdentitySource("body", "id")], parts)
        self.assertNotEqual(customer.key, identify([], parts).key)

    def test_of_a_query_the_names_are_told_each_once_and_no_value(self) -> None:
        self.assertEqual(query_names("?a=secret&b&a=2&%63=3&=4&%ff=5"), ["a", "b", "c"])
        self.assertEqual(query_names(""), [])


class Routes(unittest.TestCase):
    def test_are_refused_with_the_pattern_and_a_rule(self) -> None:
        for url in (None, 7, "api", "/a\n"):
            with self.subTest(url=url), self.assertRaisesRegex(ValueError, "is no route pattern"):
                compile_routes([Route("GET", url)])  # type: ignore[arg-type]

    def test_exempt_nothing_by_a_line_break_behind_them(self) -> None:
        table = compile_routes([Route("GET", "/health")])
        self.assertFalse(is_exempt(table, "GET", "/health\n"))
        self.assertFalse(is_exempt(table, "GET\n", "/health"))


class Redaction(unittest.TestCase):
    def test_leaves_out_what_json_cannot_hold(self) -> None:
        unfit: dict[object, object] = {
            "b": decimal.Decimal(1),
            "c": math.nan,
            "d": len,
            "e": datetime.date(2026, 1, 1),
            "f": {1},
            "g": b"x",
            "h": 10**400,
        }
        redacted = redact({**unfit, 7: "a number for a name", "i": 1, "j": (1, 2)}, None)
        self.assertEqual(redacted.metadata, {"i": 1, "j": [1, 2]})
        paths = [*(str(name) for name in unfit), "…"]
        self.assertEqual(redacted.omitted, tuple(Omission(path, "unfit") for path in paths))

    def test_writes_a_number_that_a_double_does_not_hold_digit_for_digit(self) -> None:
        fields = {"a": 0.1 + 0.2, "b": 2**60, "c": 1e21, "d": 10**18, "e": 123456789012345678.0}
        self.assertEqual(
            redact(fields, None).metadata,
            {
                "a": "0.30000000000000004",
                "b": "1152921504606846976",
                "c": 1e21,
                "d": 10**18,
                "e": "123456789012345680",
            },
        )

    def test_leaves_out_half_a_surrogate_pair_since_the_api_would_refuse_the_event(self) -> None:
        self.assertEqual(redact({"a": "x\ud83d", "\ude00": 1}, None).metadata, {})

    def test_ends_at_the_third_level_of_an_object_that_holds_itself(self) -> None:
        fields: dict[str, object] = {"name": "x"}
        fields["self"] = fields
        inner = {"name": "x", "self": {"name": "x"}}
        self.assertEqual(redact(fields, None).metadata, {"name": "x", "self": inner})

    def test_does_not_look_at_what_is_beyond_the_last_that_is_kept(self) -> None:
        looked_at = []

        class Watched(list[int]):
            def __iter__(self) -> Iterator[int]:
                for each in super().__iter__():
                    looked_at.append(each)
                    yield each

        redacted = redact({"list": Watched(range(1_000))}, None)
        self.assertEqual(redacted.metadata, {"list": list(range(49))})
        self.assertEqual(redacted.omitted, (Omission("list.49", "too_many"),))
        self.assertEqual(looked_at, list(range(50)))

    def test_collects_neither_headers_nor_bodies_without_a_rule(self) -> None:
        request = {"method": "GET", "headers": {"accept": "*/*"}, "body": {"note": "private"}}
        self.assertEqual(redact(request, COLLECTED_FIELDS).metadata, {"method": "GET"})

    def test_does_not_tell_a_name_that_is_a_secret_itself(self) -> None:
        key = "".join(["gh", "p_", "abcdefghij0123456789"])
        redacted = redact({key: True, "b": 2}, None)
        self.assertEqual(redacted.metadata, {"b": 2})
        self.assertEqual(redacted.omitted, (Omission("…", "secret"),))
