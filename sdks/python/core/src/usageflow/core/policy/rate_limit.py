"""How much may be used, and how it comes back."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Union, cast

from .duration import parse_duration

Algorithm = Literal["fixed_window", "token_bucket", "sliding_window"]


@dataclass(frozen=True)
class RateLimit:
    """
    `fixed_window` begins anew at whole windows since 1970, or with each month if it `is_month`;
    `token_bucket` holds at most the limit and gets the limit back evenly in a window; `sliding_window`
    lets no more than the limit through in any stretch as long as the window. The window of months is the
    longest of them.
    """

    algorithm: Algorithm
    limit: int
    window_ms: int
    is_month: bool = False


@dataclass(frozen=True)
class WindowState:
    """
    What a window remembers of one identity: a slot is its number since 1970 and what was used in it.
    `at_ms` is of the last decision, since time does not run backwards here whatever clocks do.
    """

    at_ms: int
    slots: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class BucketState:
    """`spent` is a bucket's emptiness, in units times milliseconds of the window: a whole number always."""

    at_ms: int
    spent: int


RateState = Union[WindowState, BucketState]


@dataclass(frozen=True)
class Decision:
    """
    `remaining`: whole units that are left after this. `reset_ms`: until all of the limit is there again,
    if nothing more comes. `retry_after_ms`: 0 if allowed; else until this would be, if nothing else
    comes; None for more than the limit.
    """

    is_allowed: bool
    remaining: int
    reset_ms: int
    retry_after_ms: int | None
    state: RateState


_ALGORITHMS = ("fixed_window", "token_bucket", "sliding_window")
_PERIODS = ("day", "month")
_DAY_MS = 86_400_000
_MONTH_MS_MAX = 31 * _DAY_MS
_EPOCH = datetime.datetime(1970, 1, 1)
_LIMIT_MAX = 1_000_000_000
_SAFE_INTEGER_MAX = 2**53 - 1  # what every SDK can count exactly
#: What leaves a sliding window leaves it a fiftieth at a time: 51 numbers to keep, at most 2 % too late.
_SLOTS = 50


def parse_rate_limit(
    limit: int,
    window: str | None = None,
    algorithm: str = "fixed_window",
    period: str | None = None,
) -> RateLimit:
    """
    Reads a limit as configurations write it: `1000, "1h"`, or a quota: `1000, period="month"`, by the
    calendar of UTC. Raises ValueError with what to change.
    """
    if not _is_whole(limit) or not 1 <= limit <= _LIMIT_MAX:
        raise ValueError(f"limit must be a whole number from 1 to {_LIMIT_MAX}, not {limit!r}")
    if algorithm not in _ALGORITHMS:
        raise ValueError(f"algorithm must be one of {', '.join(_ALGORITHMS)}, not {algorithm!r}")
    if period is not None:
        if window is not None:
            raise ValueError("give a window or a period, not both")
        return _quota(limit, period, algorithm)
    if window is None:
        raise ValueError('give a window such as "1h", or the period "day" or "month"')
    window_ms = parse_duration(window)
    if algorithm == "token_bucket" and limit * window_ms > _SAFE_INTEGER_MAX:
        raise ValueError(f"a token bucket of {limit} in {window} cannot be counted exactly")
    return RateLimit(cast(Algorithm, algorithm), limit, window_ms)


def _quota(limit: int, period: str, algorithm: str) -> RateLimit:
    if period not in _PERIODS:
        raise ValueError(f"period must be one of {', '.join(_PERIODS)}, not {period!r}")
    if algorithm != "fixed_window":
        raise ValueError(f"a {algorithm} has no period: give it a window, or no algorithm")
    is_month = period == "month"  # no day is longer than another in UTC
    return RateLimit("fixed_window", limit, _MONTH_MS_MAX if is_month else _DAY_MS, is_month)


def window_end_ms(limit: RateLimit, at_ms: int) -> int:
    """When the fixed window ends in which an instant is, in milliseconds since 1970."""
    return _slot_start_ms(limit, _slot_at(limit, at_ms) + 1)


def decide(limit: RateLimit, state: RateState | None, cost: int, now_ms: int) -> Decision:
    """
    Whether `cost` more units are within the limit, and what to remember; `state` is None for an identity
    that is new. What is refused costs nothing, and a cost of 0 asks how things stand. Raises ValueError
    for a cost that is no whole number.
    """
    check_units(cost)
    at_ms = max(now_ms, state.at_ms if state else 0)
    if limit.algorithm == "token_bucket":
        return _from_bucket(limit, _bucket_at(limit, state, at_ms), cost)
    return _from_window(limit, _window_at(limit, state, at_ms), cost)


def check_units(units: int) -> None:
    """Stops on a number of units that nobody can have used."""
    if not _is_whole(units) or not 0 <= units <= _SAFE_INTEGER_MAX:
        raise ValueError(f"units are whole numbers from 0, not {units!r}")


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _bucket_at(limit: RateLimit, state: RateState | None, at_ms: int) -> BucketState:
    if not isinstance(state, BucketState):
        return BucketState(at_ms, 0)
    return BucketState(at_ms, max(0, state.spent - (at_ms - state.at_ms) * limit.limit))


def _window_at(limit: RateLimit, state: RateState | None, at_ms: int) -> WindowState:
    first = _slot_at(limit, at_ms) - _slots_kept(limit) + 1
    slots = state.slots if isinstance(state, WindowState) else ()
    return WindowState(at_ms, tuple(slot for slot in slots if slot[0] >= first))


def _from_bucket(limit: RateLimit, before: BucketState, cost: int) -> Decision:
    size = limit.limit * limit.window_ms
    costly = before.spent + cost * limit.window_ms
    is_allowed = costly <= size
    spent = costly if is_allowed else before.spent
    wait_ms = None if cost > limit.limit else _divided_up(costly - size, limit.limit)
    return Decision(
        is_allowed=is_allowed,
        remaining=(size - spent) // limit.window_ms,
        reset_ms=_divided_up(spent, limit.limit),
        retry_after_ms=0 if is_allowed else wait_ms,
        state=BucketState(before.at_ms, spent),
    )


def _from_window(limit: RateLimit, before: WindowState, cost: int) -> Decision:
    used = sum(units for _, units in before.slots)
    is_allowed = used + cost <= limit.limit
    slots = before.slots
    if is_allowed:
        slots = _with_units(slots, _slot_at(limit, before.at_ms), cost)

    def leaves_in_ms(number: int) -> int:
        return _slot_start_ms(limit, number + _slots_kept(limit)) - before.at_ms

    blocking = _blocking_slot(before.slots, used + cost - limit.limit)
    wait_ms = None if blocking is None else leaves_in_ms(blocking)
    return Decision(
        is_allowed=is_allowed,
        remaining=limit.limit - used - (cost if is_allowed else 0),
        reset_ms=leaves_in_ms(slots[-1][0]) if slots else 0,
        retry_after_ms=0 if is_allowed else wait_ms,
        state=WindowState(before.at_ms, slots),
    )


def _blocking_slot(slots: Sequence[tuple[int, int]], excess: int) -> int | None:
    """The first slot with whose end at least so many units have left."""
    for number, units in slots:
        excess -= units
        if excess <= 0:
            return number
    return None


def _with_units(
    slots: tuple[tuple[int, int], ...], current: int, units: int
) -> tuple[tuple[int, int], ...]:
    if units == 0:
        return slots
    if slots and slots[-1][0] == current:
        return (*slots[:-1], (current, slots[-1][1] + units))
    return (*slots, (current, units))


def _slot_at(limit: RateLimit, at_ms: int) -> int:
    """The number of the slot in which an instant is: of months since January 1970."""
    if not limit.is_month:
        return at_ms // _slot_ms(limit)
    at = _EPOCH + datetime.timedelta(milliseconds=at_ms)
    return (at.year - 1970) * 12 + at.month - 1


def _slot_start_ms(limit: RateLimit, slot: int) -> int:
    if not limit.is_month:
        return slot * _slot_ms(limit)
    start = datetime.datetime(1970 + slot // 12, slot % 12 + 1, 1)
    return (start - _EPOCH) // datetime.timedelta(milliseconds=1)


def _slot_ms(limit: RateLimit) -> int:
    """Windows are whole seconds, so a fiftieth is whole too."""
    return limit.window_ms if limit.algorithm == "fixed_window" else limit.window_ms // _SLOTS


def _slots_kept(limit: RateLimit) -> int:
    return 1 if limit.algorithm == "fixed_window" else _SLOTS + 1


def _divided_up(amount: int, by: int) -> int:
    return -(-amount // by)
