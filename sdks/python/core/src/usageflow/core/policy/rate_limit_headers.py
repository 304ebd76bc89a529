"""What an answer tells of the limits that its request was held against."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .rate_limit import Decision, RateLimit

_UNPRINTABLE = re.compile(r"[^\x20-\x7e]")
_ESCAPED = re.compile(r'["\\]')


@dataclass(frozen=True)
class AppliedLimit:
    """One limit that a request was held against. `name` is what the answer calls it."""

    name: str
    limit: RateLimit
    decision: Decision


def rate_limit_headers(limits: Sequence[AppliedLimit]) -> dict[str, str]:
    """
    The headers of an answer, after draft 11 of the IETF; `Retry-After` is of a request that is refused.
    Seconds are rounded up, so that nobody comes too early; a request that costs more than the limit is
    told to wait for a window.
    """
    policies = [
        f"{_quoted(each.name)};q={each.limit.limit};w={_seconds(each.limit.window_ms)}"
        for each in limits
    ]
    standings = [
        f"{_quoted(each.name)};r={each.decision.remaining};t={_seconds(each.decision.reset_ms)}"
        for each in limits
    ]
    headers = {"RateLimit-Policy": ", ".join(policies), "RateLimit": ", ".join(standings)}
    waits = [_seconds(_wait_ms(each)) for each in _refusals(limits)]
    if waits:
        headers["Retry-After"] = str(max(1, *waits))
    return headers


def quota_exceeded(limits: Sequence[AppliedLimit]) -> dict[str, object]:
    """The body of a refusal, as `application/problem+json`."""
    return {
        "type": "https://iana.org/assignments/http-problem-types#quota-exceeded",
        "title": "Request cannot be satisfied as assigned quota has been exceeded",
        "status": 429,
        "violated-policies": [each.name for each in _refusals(limits)],
    }


def _refusals(limits: Sequence[AppliedLimit]) -> list[AppliedLimit]:
    return [each for each in limits if not each.decision.is_allowed]


def _wait_ms(refusal: AppliedLimit) -> int:
    wait_ms = refusal.decision.retry_after_ms
    return refusal.limit.window_ms if wait_ms is None else wait_ms


def _seconds(ms: int) -> int:
    return -(-ms // 1_000)


def _quoted(name: str) -> str:
    """A string of RFC 8941: what cannot stand in one is left out."""
    return '"' + _ESCAPED.sub(r"\\\g<0>", _UNPRINTABLE.sub("", name)) + '"'
