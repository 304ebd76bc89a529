"""Decimals as exact fractions, and the only places where one is rounded."""
from fractions import Fraction
from functools import lru_cache

ATOMS = 10**12  # of one unit: what the twelfth digit counts

ZERO = Fraction(0)


@lru_cache(maxsize=65_536)
def number(text):
    """The fraction that a decimal text means."""
    whole, _, digits = text.partition(".")
    return Fraction(int(whole + digits), 10 ** len(digits))


def plain(value):
    """The shortest decimal text of a fraction that has one of 12 digits."""
    atoms, rest = divmod(value.numerator * ATOMS, value.denominator)
    assert rest == 0, f"{value} has more than 12 digits"
    whole, digits = divmod(abs(atoms), ATOMS)
    text = f"{whole}.{digits:012d}".rstrip("0").rstrip(".") if digits else str(whole)
    return "-" + text if atoms < 0 else text


def nearest(value):
    """The nearest integer; from the middle, away from zero."""
    whole, rest = divmod(abs(value.numerator), value.denominator)
    size = whole + (2 * rest >= value.denominator)
    return size if value >= 0 else -size


def twelve(value):
    """Rounded to the twelfth digit."""
    return Fraction(nearest(value * ATOMS), ATOMS)
