from __future__ import annotations

import random
import struct
import unittest
from decimal import Decimal, localcontext

from usageflow.core.client.amount import read_amount
from usageflow.core.client.errors import UsageFlowError


class AnAmount(unittest.TestCase):
    def test_goes_over_the_wire_as_the_decimal_that_was_meant(self) -> None:
        cases: list[tuple[object, str]] = [
            (None, "1"),
            (0, "0"),
            (-0.0, "0"),
            (1, "1"),
            (1.0, "1"),
            (1.5, "1.5"),
            (0.1, "0.1"),
            (1e-7, "0.0000001"),
            (1.5e-10, "0.00000000015"),
            (1e-12, "0.000000000001"),
            (999_999_999_999_999.0, "999999999999999"),
            (1e15, "1000000000000000"),
            (2**53 + 1, "9007199254740993"),
            (10**26 - 1, "9" * 26),
            ("0.10", "0.10"),
            ("12.5", "12.5"),
            (Decimal("0.1"), "0.1"),
            (Decimal("1E+3"), "1000"),
            (Decimal("1.000000000000000"), "1"),
            (Decimal("0E-30"), "0"),
            (Decimal("9" * 26 + "." + "9" * 12), "9" * 26 + "." + "9" * 12),
        ]
        for amount, text in cases:
            with self.subTest(amount=amount):
                self.assertEqual(read_amount(amount), text)

    def test_that_is_none_or_not_exact_is_refused_and_not_changed(self) -> None:
        amounts: list[object] = [
            *(-1, -0.5, float("nan"), float("inf"), 0.1 + 0.2, 2.0**53, 1e21, 1e-13, 10**26),
            *("", "-1", "1e3", "1,5", "01", ".5", "1.", "0.0000000000001", " 1", "1\n", "١"),
            *(True, False, [], {}, b"1", 1j, 10**10_000),
            *(Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("-1")),
            *(Decimal("1E+999999"), Decimal("1E-999999"), Decimal("1E-13")),
        ]
        for amount in amounts:
            with self.subTest(amount=str(type(amount))):
                with self.assertRaisesRegex(UsageFlowError, "^amount: ") as caught:
                    read_amount(amount)
                self.assertEqual(caught.exception.kind, "invalid")

    def test_that_is_a_float_is_the_same_number_on_the_other_side(self) -> None:
        chance = random.Random(1)
        accepted = 0
        for _ in range(20_000):
            [wild] = struct.unpack("d", chance.randbytes(8))
            tame = chance.randrange(10**6) / 10 ** chance.randrange(7)
            for amount in (wild, tame):
                try:
                    text = read_amount(amount)
                except UsageFlowError:
                    continue
                accepted += 1
                self.assertEqual(float(text), amount)
                self.assertLessEqual(len(text.replace(".", "").strip("0")), 15)
        self.assertGreater(accepted, 20_000)

    def test_does_not_depend_on_the_precision_of_the_host(self) -> None:
        exact = Decimal("12345678901234567890.123456789012")
        with localcontext() as context:
            context.prec = 3
            self.assertEqual(read_amount(exact), "12345678901234567890.123456789012")
