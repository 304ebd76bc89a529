"""What an agent is told, by its arguments, by the environment and by the project of its host."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypedDict

from ..client.config import read_config
from ..client.errors import config_error
from ..client.server import Server
from ..policy import RouteTable
from ..policy.unicode_text import utf16_head
from .exchange import Coverage
from .rules import Policy, read_code_limits, read_routes

#: `{"method": "GET", "url": "/api/users/:id"}`
RouteOption = Mapping[str, str]

_UNSET_LIMITS = dict.fromkeys(
    ("flush_s", "batch_events_max", "timeout_s", "queue_events_max", "queue_bytes_max")
)
_APPLICATION_LENGTH_MAX = 100
_PROJECT_NAME = re.compile(r'^\[project\][^\[]*?^name *= *"([^"\n]+)"', re.MULTILINE | re.DOTALL)


class _RateLimitOption(TypedDict):
    limit: int
    window: str


class RateLimitOption(_RateLimitOption, total=False):
    """`{"limit": 1000, "window": "1h"}`"""

    algorithm: str


def read_server(api_key: str | None, base_url: str | None) -> Server:
    """Raises a `config` error without a key or an address."""
    config = read_config(api_key, base_url, _UNSET_LIMITS)
    return Server(config.url, config.api_key)


def read_application(
    given: str | None,
    environment: Mapping[str, str] = os.environ,
    project: Path = Path("pyproject.toml"),
) -> str:
    """
    What is given, or the name of the project in whose folder the program was started, or `default`: as much of
    it as the server takes, which would refuse every call for the rest.
    """
    name = given or environment.get("USAGEFLOW_APPLICATION") or _project_name(project) or "default"
    return utf16_head(name, _APPLICATION_LENGTH_MAX).replace("\0", "\ufffd")


def read_rate_limits(
    rate_limits: Mapping[str, RateLimitOption] | None,
) -> Sequence[RouteTable[Policy]]:
    """Raises a `config` error with what to change."""
    try:
        return read_code_limits(rate_limits or {})
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise config_error(f"rate_limits: {error}") from None


def read_coverage(
    routes: Sequence[RouteOption] | None, whitelist: Sequence[RouteOption] | None
) -> Coverage:
    """Raises a `config` error with what to change."""
    try:
        every = [{"method": "*", "url": "*"}]
        return Coverage(
            read_routes(every if routes is None else routes), read_routes(whitelist or [])
        )
    except (TypeError, ValueError, AttributeError) as error:
        raise config_error(f"routes: {error}") from None
    except KeyError:
        raise config_error('routes: write each as {"method": "GET", "url": "/api/*"}') from None


def _project_name(project: Path) -> str | None:
    try:
        match = _PROJECT_NAME.search(project.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return match[1] if match else None
