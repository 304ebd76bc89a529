"""Exact numbers, one text for one value, instants and ids."""

import json
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction


def millis(text):
    """Milliseconds of an ISO instant; the product keeps no finer time of usage."""
    at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (at - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(milliseconds=1)


def canonical(value):
    """One text for one JSON value: 1, 1.0 and 1e0 are the same number."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, (int, Decimal)):
        return str(Fraction(value))
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return "{" + ",".join(f"{json.dumps(k)}:{canonical(v)}" for k, v in sorted(value.items())) + "}"


def round_half_away(value):
    """To a whole number; halves away from zero."""
    doubled = abs(value) * 2 + 1
    whole = (doubled.numerator // doubled.denominator) // 2
    return whole if value >= 0 else -whole


TYPEID_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"


def uuid_of(event_id):
    """The uuid that an `evt_…` spells in base 32."""
    number = 0
    for digit in event_id.removeprefix("evt_"):
        number = number * 32 + TYPEID_DIGITS.index(digit)
    text = f"{number:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
