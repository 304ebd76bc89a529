"""Whether the server is asked at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Union


@dataclass(frozen=True)
class ClosedBreaker:
    """The server is asked."""

    failures: int


@dataclass(frozen=True)
class OpenBreaker:
    """The server is not asked before `probe_at_ms`, and then by one request."""

    probe_at_ms: int
    wait_ms: int
    is_probing: bool


Breaker = Union[ClosedBreaker, OpenBreaker]

_FAILURES_MAX = 5
_WAIT_MS_FIRST = 1_000
_WAIT_MS_MAX = 30_000

CLOSED = ClosedBreaker(0)


def may_call(breaker: Breaker, now_ms: int) -> tuple[bool, Breaker]:
    """
    Whether a request may be sent, and the breaker thereafter. While it is open, one is let through after
    every wait to try the server out; the next follows a wait later even if nobody heard of that one
    again.
    """
    if isinstance(breaker, ClosedBreaker):
        return True, breaker
    if now_ms < breaker.probe_at_ms:
        return False, breaker
    return True, replace(breaker, probe_at_ms=now_ms + breaker.wait_ms, is_probing=True)


def after_success() -> Breaker:
    """Any success is a proof that the server answers."""
    return CLOSED


def after_failure(breaker: Breaker, now_ms: int) -> Breaker:
    """
    The fifth failure in a row opens it for a second. A failed probe doubles the wait, up to half a
    minute; what was sent before it opened and fails only now tells nothing new.
    """
    if isinstance(breaker, OpenBreaker):
        if not breaker.is_probing:
            return breaker
        return _opened(min(_WAIT_MS_MAX, breaker.wait_ms * 2), now_ms)
    failures = breaker.failures + 1
    return ClosedBreaker(failures) if failures < _FAILURES_MAX else _opened(_WAIT_MS_FIRST, now_ms)


def _opened(wait_ms: int, now_ms: int) -> Breaker:
    return OpenBreaker(now_ms + wait_ms, wait_ms, is_probing=False)
