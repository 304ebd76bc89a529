"""Tells the host what went wrong, and is not hurt by how it takes it."""

from __future__ import annotations

import logging
import math
import time
from typing import Callable

from .errors import UsageFlowError

OnError = Callable[[UsageFlowError], object]

_WARN_EVERY_S = 60.0


def reporter(on_error: OnError | None) -> Callable[[UsageFlowError], None]:
    listener = on_error or _warn_now_and_then()

    def report(error: UsageFlowError) -> None:
        try:
            listener(error)
        except Exception:
            pass  # what a listener raises is not for the one who tracked

    return report


def _warn_now_and_then() -> OnError:
    """Usage that is lost in silence is a lie, and a log that is flooded is not read."""
    warned_at_s: dict[str, float] = {}
    log = logging.getLogger("usageflow")

    def warn(error: UsageFlowError) -> None:
        now_s = time.monotonic()
        if now_s - warned_at_s.get(error.code, -math.inf) >= _WARN_EVERY_S:
            warned_at_s[error.code] = now_s
            log.warning("%s (%s)", error.message, error.code)

    return warn
