"""When the server may be called again after it failed."""

from __future__ import annotations

import math
from typing import Callable

from .stats import CircuitState

_FAILURES_MAX = 5
_WAIT_FIRST_S = 0.5
_WAIT_S_MAX = 30.0
_ASKED_S_MAX = 3_600.0  # a server that asks for more is asked again after an hour


class Circuit:
    """
    Later after each failure, at random within half of the wait, and never before the server asked to be.
    After five failures running the circuit is open, and the first call thereafter is a probe with as
    little as there is.
    """

    def __init__(self, chance: Callable[[], float]) -> None:
        self._chance = chance
        self._failures = 0
        self._retry_at_s = -math.inf
        self._asked_until_s = -math.inf

    def state(self, now_s: float) -> CircuitState:
        if self._failures < _FAILURES_MAX:
            return "closed"
        return "open" if now_s < self._retry_at_s else "half_open"

    def wait_s(self, now_s: float) -> float:
        """How long to wait before the next call; 0 for not at all."""
        return max(0.0, self._retry_at_s - now_s)

    def asked_wait_s(self, now_s: float) -> float:
        """How much of that the server asked for."""
        return max(0.0, self._asked_until_s - now_s)

    def succeeded(self) -> None:
        self._failures = 0
        self._retry_at_s = self._asked_until_s = -math.inf

    def failed(self, now_s: float, asked_s: float) -> None:
        self._failures += 1
        self._asked_until_s = now_s + min(asked_s, _ASKED_S_MAX)
        backoff = backoff_s(self._failures, self._chance())
        self._retry_at_s = max(now_s + backoff, self._asked_until_s)


def backoff_s(failures: int, chance: float) -> float:
    """How long to wait after so many failures running; `chance` is from 0 to 1."""
    longest_s = min(_WAIT_S_MAX, _WAIT_FIRST_S * (1 << min(failures - 1, 20)))
    return longest_s * (0.5 + chance / 2)
