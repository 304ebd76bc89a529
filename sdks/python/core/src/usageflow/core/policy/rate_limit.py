"""How much may be used, and how it comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Union, cast

from .duration import parse_duration

Algorithm = Literal["fixed_window", "token_bucket", "sliding_window"]


@dataclass(frozen=True)
class RateLimit:
    """
    `fixed_window` begins anew at whole windows since 1970; `token_bucket` holds at most the limit and
    gets the limit back evenly in a window; `sliding_window` lets no more than the limit through in any
    stretch as long as the window.
    """

    algorithm: Algorithm
    limit: int
    window_ms: int


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
_LIMIT_MAX = 1_000_000_000
_SAFE_INTEGER_MAX = 2**53 - 1  # what every SDK can count exactly
#: What leaves a sliding window leaves it a fiftieth at a time: 51 numbers to keep, at most 2 % too late.
_SLOTS = 50


def parse_rate_limit(limit: int, window: str, algorithm: str = "fixed_window") -> RateLimit:
    """Reads a limit as configurations write it: `1000, "1h"`. Raises ValueError with what to change."""
    if not _is_whole(limit) or not 1 <= limit <= _LIMIT_MAX:
        raise ValueError(f"limit must be a whole number from 1 to {_LIMIT_MAX}, not {limit!r}")
    if algorithm not in _ALGORITHMS:
        raise ValueError(f"algorithm must be one of {', '.join(_ALGORITHMS)}, not {algorithm!r}")
    window_ms = parse_duration(window)
    if algorithm == "token_bucket" and limit * window_ms > _SAFE_INTEGER_MAX:
        raise ValueError(f"a token bucket of {limit} in {window} cannot be counted exactly")
    return RateLimit(cast(Algorithm, algorithm), limit, window_ms)


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
    slot_ms, kept = _slots_of(limit)
    first = at_ms // slot_ms - kept + 1
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
    slot_ms, kept = _slots_of(limit)
    used = sum(units for _, units in before.slots)
    is_allowed = used + cost <= limit.limit
    slots = before.slots
    if is_allowed:
        slots = _with_units(slots, before.at_ms // slot_ms, cost)

    def leaves_in_ms(number: int) -> int:
        return (number + kept) * slot_ms - before.at_ms

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


def _slots_of(limit: RateLimit) -> tuple[int, int]:
    """How long a slot is, and how many are kept. Windows are whole seconds, so a fiftieth is whole too."""
    if limit.algorithm == "fixed_window":
        return limit.window_ms, 1
    return limit.window_ms // _SLOTS, _SLOTS + 1


def _divided_up(amount: int, by: int) -> int:
    return -(-amount // by)
