"""What the client raises or reports. No error holds a secret, and neither does its message."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from typing import Literal, TypedDict

#: What an error means for the usage that it is about.
#:
#: `config`: the client cannot be made like this. `invalid`: it is no event, and was not sent. `refused`: the
#: server will not take it, now or later. `unavailable`: no answer is known; what was tracked is kept and sent
#: again. `dropped`: it was given up for want of room, or at the end.
ErrorKind = Literal["config", "invalid", "refused", "unavailable", "dropped"]


class _SentEvent(TypedDict):
    name: str
    customer_id: str
    amount: str
    timestamp: str
    idempotency_key: str


class SentEvent(_SentEvent, total=False):
    """An event as it was sent. Given to `track(**event)` or `send(**event)` again it counts once."""

    metadata: Mapping[str, object]


class UsageFlowError(Exception):
    """
    `code` is stable, to branch on: one of the server's, like `usage.key_reused`, or one of ours,
    `client.…`. `count` says how many calls of `track` or `send` it is about, `event` which one, if it is
    one, and `status` what the server answered with, if it did.
    """

    def __init__(
        self,
        kind: ErrorKind,
        code: str,
        message: str,
        *,
        event: SentEvent | None = None,
        count: int = 1,
        status: int | None = None,
    ) -> None:
        super().__init__(message)
        self.kind: ErrorKind = kind
        self.code = code
        self.message = message
        self.event = event
        self.count = count
        self.status = status


def config_error(what: str) -> UsageFlowError:
    return UsageFlowError("config", "client.config", what)


def invalid(field: str, rule: str) -> UsageFlowError:
    """`rule` completes "… must …"."""
    return UsageFlowError("invalid", "client.invalid_event", f"{field}: {rule}")


def queue_full(count: int) -> UsageFlowError:
    message = f"The queue is full: usage was dropped ({count})."
    return UsageFlowError("dropped", "client.queue_full", message, count=count)


def closed(count: int) -> UsageFlowError:
    message = f"The client is closed: usage was dropped ({count})."
    return UsageFlowError("dropped", "client.closed", message, count=count)


def left_at_exit(count: int) -> UsageFlowError:
    message = f"The process ends before all usage could be sent ({count})."
    return UsageFlowError("unavailable", "client.exit", message, count=count)


def trouble_of(error: BaseException) -> str:
    """What the system calls the trouble, like `ECONNREFUSED`: its messages may hold what was sent."""
    reason = getattr(error, "reason", None)
    number = getattr(error, "errno", None)
    if isinstance(reason, str) and reason.replace("_", "").isalnum():
        return reason[:60]
    return errno.errorcode.get(number or 0, type(error).__name__)
