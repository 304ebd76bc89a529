"""From what a blueprint found to an event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable, TypedDict

from ..client.errors import UsageFlowError, invalid
from ..client.usage_flow import Metadata, Timestamp, UsageFlow


class EventDetails(TypedDict, total=False):
    """All of an event but how much. Needed are `name` (or `metric`, another word for it) and `customer_id`."""

    name: str
    metric: str
    customer_id: str
    metadata: Metadata
    timestamp: Timestamp
    idempotency_key: str


def event_of(
    details: EventDetails,
    amount: str,
    metadata: Metadata | None = None,
    idempotency_key: str | None = None,
) -> dict[str, Any]:
    """
    The event of a blueprint: what it found stands beside the metadata that was given, and goes before it. The
    key is for details that were given none.
    """
    if not isinstance(details, Mapping):
        raise invalid("event", "must be a dict with a name and a customer_id")
    given = details.get("metadata")
    if given is not None and not isinstance(given, Mapping):
        raise invalid("metadata", "must be a dict")
    event: dict[str, Any] = {**details, "amount": amount}
    together = {**(given or {}), **(metadata or {})}
    if together:
        event["metadata"] = together
    if idempotency_key is not None and event.get("idempotency_key") is None:
        event["idempotency_key"] = idempotency_key
    return event


def name_of(details: EventDetails) -> str:
    """What the event is called; text that is none is refused when it is tracked."""
    if not isinstance(details, Mapping):
        raise invalid("event", "must be a dict with a name and a customer_id")
    name = details.get("name")
    return str(details.get("metric") if name is None else name)


def track_made(client: UsageFlow, make: Callable[[], dict[str, Any] | None]) -> None:
    """Tracks what is made, if anything; what cannot be made counts as refused and is told. Never raises."""
    try:
        event = make()
        if event is not None:
            client.track(**event)
    except Exception as error:
        client.refuse(unreadable(error))


def unreadable(error: Exception) -> UsageFlowError:
    """What readers raise, and whatever objects of the host's raise: in our own words, theirs may hold what was given."""
    if isinstance(error, UsageFlowError):
        return error
    return invalid("event", "must be what can be read")
