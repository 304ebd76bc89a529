"""What became of every call of `track` and `send`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

CircuitState = Literal["closed", "open", "half_open"]


class Counts(NamedTuple):
    """Replaced as a whole, so that whoever looks at it, at whatever instant, sees sums that are exact."""

    produced: int = 0
    delivered: int = 0
    duplicates: int = 0
    queued: int = 0
    refused: int = 0
    dropped: int = 0

    def plus(self, **changes: int) -> Counts:
        return self._replace(**{name: getattr(self, name) + by for name, by in changes.items()})


@dataclass(frozen=True)
class Stats:
    """
    Exact at every instant: `produced = delivered + queued + refused + dropped`.

    `produced`: calls. `duplicates`: of those delivered, the server had them already. `queued`: waiting,
    or on their way without an answer yet. `refused`: no events, or none that the server takes. `dropped`:
    given up for want of room or at the end. `circuit` is open while a server that failed five times
    running is left alone.
    """

    produced: int
    delivered: int
    duplicates: int
    queued: int
    refused: int
    dropped: int
    circuit: CircuitState
