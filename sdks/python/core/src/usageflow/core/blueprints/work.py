"""Work by its time, and jobs by their runs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Callable, Literal

from ..client.errors import invalid
from ..client.event import is_key
from ..client.usage_flow import UsageFlow
from .quantities import TimeUnit, rounded_ms, time_amount
from .tracking import EventDetails, event_of, name_of, track_made

Status = Literal["succeeded", "failed"]


def time_event(details: EventDetails, unit: TimeUnit, status: Status, ns: int) -> dict[str, Any]:
    """The event of a piece of work: how long it took."""
    return event_of(details, time_amount(ns, unit), {"status": status})


def job_event(details: EventDetails, job_id: str | int, status: Status, ns: int) -> dict[str, Any]:
    """The event of a run of a job: 1, once for each job and status."""
    key = f"{name_of(details)}:{job_id}:{status}"
    if not _is_job_id(job_id) or not is_key(key):
        raise invalid(
            "job_id",
            "must be a whole number, or printable ASCII that is with the name and the status at most 255 characters",
        )
    return event_of(details, "1", {"status": status, "durationMs": rounded_ms(ns)}, key)


def track_time(
    client: UsageFlow, details: EventDetails, *, unit: TimeUnit = "s"
) -> AbstractContextManager[None]:
    """`with track_time(…):` tracks how long the work in it took, by a clock that nobody sets."""
    return _timed(
        lambda status, ns: track_made(client, lambda: time_event(details, unit, status, ns))
    )


def track_job(
    client: UsageFlow, details: EventDetails, *, job_id: str | int
) -> AbstractContextManager[None]:
    """
    `with track_job(…):` tracks a run of a job with its status and duration. A job that is run again counts
    once for each status: bill those that succeeded.
    """
    return _timed(
        lambda status, ns: track_made(client, lambda: job_event(details, job_id, status, ns))
    )


@contextmanager
def _timed(end: Callable[[Status, int], None]) -> Iterator[None]:
    start_ns = time.monotonic_ns()
    status: Status = "failed"
    try:
        yield
        status = "succeeded"
    finally:
        end(status, time.monotonic_ns() - start_ns)


def _is_job_id(job_id: object) -> bool:
    if isinstance(job_id, str):
        return job_id != ""
    return isinstance(job_id, int) and not isinstance(job_id, bool)
