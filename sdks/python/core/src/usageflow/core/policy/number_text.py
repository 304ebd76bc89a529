"""How the other SDKs and the API write a number."""

from __future__ import annotations

from decimal import Decimal

_PLAIN_EXPONENTS = range(-6, 21)  # of the first digit; JavaScript writes others with an `e`


def significant_digits(value: int | float) -> int:
    """Of the shortest text that is read as this number."""
    text = _shortest(value).partition("e")[0]
    return len(text.lstrip("-").replace(".", "").strip("0"))


def number_text(value: int | float) -> str:
    """The shortest text of a number: `1` for 1.0, `1e+21`, `1.5e-7`."""
    if isinstance(value, int):
        return _shortest(value)
    sign, digits, exponent = Decimal(_shortest(value)).normalize().as_tuple()
    assert isinstance(exponent, int), "a number that is finite"
    if digits == (0,):
        return "0"
    text = "".join(map(str, digits))
    first = exponent + len(text) - 1
    return ("-" if sign else "") + (
        _plain(text, exponent) if first in _PLAIN_EXPONENTS else _scientific(text, first)
    )


def _shortest(value: int | float) -> str:
    """Of the number itself: a subclass may print as something else."""
    return int.__repr__(value) if isinstance(value, int) else float.__repr__(value)


def _plain(digits: str, exponent: int) -> str:
    if exponent >= 0:
        return digits + "0" * exponent
    whole, fraction = digits[:exponent], digits[exponent:]
    return f"{whole or '0'}.{fraction.rjust(-exponent, '0')}"


def _scientific(digits: str, first: int) -> str:
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{first:+d}"
