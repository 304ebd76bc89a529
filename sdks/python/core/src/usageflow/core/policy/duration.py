"""Lengths of time as configurations write them: `30s`, `15m`, `1h`, `1d`."""

from __future__ import annotations

import json
import re

_UNITS = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000}
_SHAPE = re.compile("([1-9][0-9]{0,8})([smhd])")

#: The longest window: a leap year. Whoever counts for longer wants a period of a subscription.
DURATION_MS_MAX = 366 * 86_400_000


def parse_duration(text: str) -> int:
    """
    Reads a length of time in milliseconds: a whole number and one unit, nothing before, between or
    behind. A day has 24 hours. Raises ValueError for anything else and beyond 366 days.
    """
    match = _SHAPE.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(
            f"{_shown(text)} is no duration: "
            'write a whole number above 0 and s, m, h or d, such as "15m"'
        )
    duration_ms = int(match[1]) * _UNITS[match[2]]
    if duration_ms > DURATION_MS_MAX:
        raise ValueError(f'{_shown(text)} is too long: at most "366d"')
    return duration_ms


def format_duration(duration_ms: int) -> str:
    """The shortest text that `parse_duration` reads so. Raises ValueError where there is none."""
    is_length = type(duration_ms) is int and 0 < duration_ms <= DURATION_MS_MAX
    if is_length:
        for unit, unit_ms in _UNITS.items():
            if duration_ms % unit_ms == 0:
                return f"{duration_ms // unit_ms}{unit}"
    raise ValueError(f'{duration_ms} ms is no duration: whole seconds between "1s" and "366d"')


def _shown(text: object) -> str:
    return json.dumps(text) if isinstance(text, str) else repr(text)
