"""Times of this process."""

from __future__ import annotations

import datetime
import time


def monotonic_ms() -> int:
    """Does not jump back, whatever is done to the clock of the machine."""
    return time.monotonic_ns() // 1_000_000


def system_clock() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)
