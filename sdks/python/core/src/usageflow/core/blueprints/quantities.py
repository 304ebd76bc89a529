"""Quantities as exact decimal text."""

from __future__ import annotations

from typing import Literal

from ..client.errors import invalid

#: What an amount of bytes is counted in: bytes, or gigabytes of 10^9 bytes.
ByteUnit = Literal["byte", "GB"]
TimeUnit = Literal["s", "ms"]

_GB_DIGITS = 9
_NS_DIGITS = {"s": 9, "ms": 6}
_DIGITS = 12
#: Of bytes times milliseconds: a GB-hour is 3.6 * 10^15 of them, and the amount is to be times 10^12.
_PER_SCALED_GB_HOUR = 3_600


def gigabytes(number_of_bytes: int) -> str:
    """Gigabytes of 10^9 bytes as decimal text: exact, whatever the number. Raises an `invalid` error."""
    return _decimal(_whole("bytes", number_of_bytes), _GB_DIGITS)


def gigabyte_hours(number_of_bytes: int, ms: int) -> str:
    """
    Gigabytes of 10^9 bytes held for an hour, as decimal text of at most 12 digits: rounded once, half up.
    Raises an `invalid` error.
    """
    product = _whole("bytes", number_of_bytes) * _whole("ms", ms)
    scaled = (2 * product + _PER_SCALED_GB_HOUR) // (2 * _PER_SCALED_GB_HOUR)
    return _decimal(scaled, _DIGITS)


def byte_amount(number_of_bytes: int, unit: ByteUnit) -> str:
    """Bytes as an amount of that unit."""
    if unit == "GB":
        return gigabytes(number_of_bytes)
    if unit == "byte":
        return str(_whole("bytes", number_of_bytes))
    raise invalid("unit", "must be 'GB' or 'byte'")


def time_amount(ns: int, unit: TimeUnit) -> str:
    """Nanoseconds as an amount of that unit: exact."""
    if unit not in ("s", "ms"):
        raise invalid("unit", "must be 's' or 'ms'")
    return _decimal(_whole("ns", ns), _NS_DIGITS[unit])


def rounded_ms(ns: int) -> int:
    """In whole milliseconds, rounded half up."""
    return (ns + 500_000) // 1_000_000


def _decimal(value: int, fraction_digits: int) -> str:
    text = str(value).rjust(fraction_digits + 1, "0")
    whole, fraction = text[:-fraction_digits], text[-fraction_digits:].rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


def _whole(field: str, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return int(value)
    raise invalid(field, "must be a whole number, not negative")
