"""When a failed call is tried again."""

from __future__ import annotations

import math
import re
from calendar import timegm
from dataclasses import dataclass


@dataclass(frozen=True)
class FailedTry:
    """
    A failed try to reach the server. `attempt` is 1 for the first; `status` is None if there was no
    answer; `retry_after` is the header as it came, if it came.
    """

    attempt: int
    status: int | None
    retry_after: str | None = None


_DELAY_MS_FIRST = 500
_DELAY_MS_MAX = 60_000
#: Of the delay, added by chance, so that what failed together does not come back together.
_JITTER = 0.5
#: What a server may ask for at most: whoever asks for a day has made a mistake.
_RETRY_AFTER_MS_MAX = 3_600_000

_RETRIED = frozenset((408, 425, 429))
_SECONDS = re.compile("[0-9]{1,9}")
_DATE = re.compile(
    "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), ([0-9]{2}) "
    "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ([0-9]{4}) "
    "([0-9]{2}):([0-9]{2}):([0-9]{2}) GMT"
)
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"


def retry_delay_ms(failed: FailedTry, random: float, now_ms: int) -> int | None:
    """
    How long to wait before the same is sent again under the same key, or None if it never will be
    accepted. Doubles from half a second to a minute, and longer if the server asks for it. `random` is
    from 0 to below 1.
    """
    if not _is_retried(failed):
        return None
    backoff_ms = min(_DELAY_MS_MAX, _DELAY_MS_FIRST << min(max(failed.attempt - 1, 0), 20))
    asked_ms = parse_retry_after(failed.retry_after or "", now_ms) or 0
    return math.floor(max(backoff_ms, asked_ms) * (1 + _JITTER * random))


def _is_retried(failed: FailedTry) -> bool:
    """No answer, and answers that say: not now. A conflict does so if it says until when."""
    if failed.status is None or failed.status >= 500 or failed.status in _RETRIED:
        return True
    return failed.status == 409 and failed.retry_after is not None


def parse_retry_after(header: str, now_ms: int) -> int | None:
    """Seconds, or a date of HTTP; at most an hour, and 0 for what is past. None for anything else."""
    if _SECONDS.fullmatch(header):
        wait_ms = int(header) * 1_000
    else:
        until_ms = http_date_ms(header)
        if until_ms is None:
            return None
        wait_ms = until_ms - now_ms
    return min(_RETRY_AFTER_MS_MAX, max(0, wait_ms))


def http_date_ms(header: str) -> int | None:
    """Since 1970. None for what is no date of HTTP."""
    match = _DATE.fullmatch(header)
    if match is None:
        return None
    day, month, year, hour, minute, second = match.groups()
    month_number = _MONTHS.index(month) // 3 + 1
    # There is no year 0 in Python; it is past in any case.
    date = (max(1, int(year)), month_number, int(day), int(hour), int(minute), int(second))
    return timegm(date) * 1_000
