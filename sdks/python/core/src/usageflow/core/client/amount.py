"""Amounts as the decimal text that goes over the wire."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from numbers import Integral

from ..policy.number_text import significant_digits
from .errors import invalid

SIGNIFICANT_DIGITS_MAX = 15  # what a double holds of any decimal
_SAFE_INTEGER_MAX = 2**53 - 1
_WHOLE_DIGITS_MAX = 26
_FRACTION_DIGITS_MAX = 12
_SHAPE = re.compile(
    rf"(?:0|[1-9][0-9]{{0,{_WHOLE_DIGITS_MAX - 1}}})(?:\.[0-9]{{1,{_FRACTION_DIGITS_MAX}}})?"
)
_RULE = (
    "must be a number, or a string of up to 26 whole and 12 fractional digits like '12.5', "
    "and not negative"
)


def read_amount(value: object) -> str:
    """
    1 for None. Raises an `invalid` error, also for a float of which a double cannot say which decimal was
    meant.
    """
    if value is None:
        return "1"
    if isinstance(value, str):
        return _checked(value)
    if isinstance(value, Decimal):
        return _from_decimal(value)
    if isinstance(value, float):
        return _from_float(value)
    if isinstance(value, Integral) and not isinstance(value, bool):
        return _from_decimal(Decimal(int(value)))
    raise invalid("amount", _RULE)


def _from_float(value: float) -> str:
    """Its shortest text: 0.1 is 0.1."""
    if not value >= 0 or math.isinf(value):
        raise invalid("amount", _RULE)
    if value > _SAFE_INTEGER_MAX or significant_digits(value) > SIGNIFICANT_DIGITS_MAX:
        raise invalid(
            "amount",
            "a float keeps at most 15 significant digits: "
            "give a Decimal or a string, like '0.1234567890123'",
        )
    return _from_decimal(Decimal(float.__repr__(value)))


def _from_decimal(value: Decimal) -> str:
    if not value.is_finite() or value < 0:
        raise invalid("amount", _RULE)
    if value == 0:
        return "0"
    # Without it a number like 1E+999999 would be written out.
    if not -_FRACTION_DIGITS_MAX <= value.adjusted() < _WHOLE_DIGITS_MAX:
        raise invalid("amount", _RULE)
    text = format(value, "f")
    return _checked(text.rstrip("0").rstrip(".") if "." in text else text)


def _checked(text: str) -> str:
    if _SHAPE.fullmatch(text):
        return str.__str__(text)
    raise invalid("amount", _RULE)
