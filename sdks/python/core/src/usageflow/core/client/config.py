"""What the client is told, by its arguments and by the environment."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from .errors import config_error

_BATCH_EVENTS_MAX = 1_000  # what the server takes at once
_MIB = 1024 * 1024
_SECONDS_MAX = 86_400 * 366
_PRINTABLE = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True)
class Config:
    api_key: str = field(repr=False)
    url: SplitResult
    flush_s: float
    batch_events_max: int
    timeout_s: float
    queue_events_max: int
    queue_bytes_max: int


def read_config(
    api_key: str | None,
    base_url: str | None,
    limits: Mapping[str, float | None],
    environment: Mapping[str, str] = os.environ,
) -> Config:
    """The options with what the environment says and the defaults. Raises a `config` error."""
    return Config(
        api_key=_read_api_key(api_key or environment.get("USAGEFLOW_API_KEY")),
        url=_read_base_url(base_url or environment.get("USAGEFLOW_URL")),
        flush_s=_read_seconds("flush_s", limits["flush_s"], 1),
        batch_events_max=_read_whole(
            "batch_events_max", limits["batch_events_max"], 1_000, _BATCH_EVENTS_MAX
        ),
        timeout_s=_read_seconds("timeout_s", limits["timeout_s"], 5),
        queue_events_max=_read_whole("queue_events_max", limits["queue_events_max"], 10_000),
        queue_bytes_max=_read_whole("queue_bytes_max", limits["queue_bytes_max"], 16 * _MIB),
    )


def _read_api_key(api_key: str | None) -> str:
    """A key that a header cannot carry would show up in the message of what carries headers."""
    if not api_key:
        raise config_error("Give an api_key, or set USAGEFLOW_API_KEY.")
    if not isinstance(api_key, str) or not _PRINTABLE.fullmatch(api_key):
        raise config_error("The api_key has characters that no key has.")
    return api_key


def _read_base_url(base_url: str | None) -> SplitResult:
    if not base_url:
        raise config_error("Give a base_url, or set USAGEFLOW_URL.")
    try:
        url = urlsplit(base_url if _PRINTABLE.fullmatch(base_url) else "")
        has_host = bool(url.hostname) and url.port != 0
    except (TypeError, ValueError):  # of a port that is none
        has_host = False
    if not has_host or url.scheme not in ("http", "https"):
        raise config_error("The base_url must begin with http:// or https:// and a host.")
    if url.username is not None or url.password is not None or url.query or url.fragment:
        raise config_error("The base_url must have no user, password, query or fragment.")
    return url._replace(path=url.path.rstrip("/"))


def _read_whole(name: str, value: float | None, by_default: int, most: int = 2**53 - 1) -> int:
    if value is None:
        return by_default
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most:
        return value
    raise config_error(f"{name} must be a whole number from 1 to {most}.")


def _read_seconds(name: str, value: float | None, by_default: float) -> float:
    if value is None:
        return by_default
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if math.isfinite(value) and 0 < value <= _SECONDS_MAX:
            return value
    raise config_error(f"{name} must be a number of seconds above 0.")
