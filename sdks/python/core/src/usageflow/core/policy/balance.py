"""Limits by what a customer may still use of a meter. The server knows how much that is, and lends of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Union, cast

from .rate_limit import RateLimit, parse_rate_limit

_UNITS_PER_REQUEST_MAX = 1_000_000


@dataclass(frozen=True)
class Balance:
    """`meter` is its key."""

    meter: str
    units_per_request: int
    algorithm: Literal["balance"] = "balance"


#: What a request is held against: so many in a window, or what is left of a balance.
Rate = Union[RateLimit, Balance]


def parse_limit(written: Mapping[str, object]) -> Rate:
    """
    Reads a limit of a policy. Raises ValueError with what to change, as for what this version does not
    know.
    """
    if written.get("algorithm") == "balance":
        return _parse_balance(written.get("meter"), written.get("unitsPerRequest", 1))
    return parse_rate_limit(
        cast(int, written.get("limit")),
        cast("str | None", written.get("window")),
        str(written.get("algorithm", "fixed_window")),
        cast("str | None", written.get("period")),
    )


def _parse_balance(meter: object, units: object) -> Balance:
    if not isinstance(meter, str) or not meter:
        raise ValueError("give the meter whose units a balance counts")
    is_whole = isinstance(units, int) and not isinstance(units, bool)
    if not is_whole or not 1 <= cast(int, units) <= _UNITS_PER_REQUEST_MAX:
        most = _UNITS_PER_REQUEST_MAX
        raise ValueError(f"unitsPerRequest must be a whole number from 1 to {most}, not {units!r}")
    return Balance(meter, cast(int, units))


def balance_used_up(name: str, meter: str, customer: str | None) -> dict[str, object]:
    """
    The body of a refusal by a balance, as `application/problem+json`; `customer` is None for a caller who
    is none. It says nothing of when to come again: that is a matter of paying.
    """
    detail = (
        f'Only customers may use "{meter}": say who you are.'
        if customer is None
        else f'Nothing is left of "{meter}" for customer "{customer}": '
        "buy credits, choose a plan that has it, or settle what is due."
    )
    return {
        "type": "about:blank",
        "title": "Payment Required",
        "status": 402,
        "detail": detail,
        "violated-policies": [name],
    }
