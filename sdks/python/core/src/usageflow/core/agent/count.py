"""What a request comes to when it has ended: usage, and a row of statistics."""

from __future__ import annotations

from collections.abc import Sequence

from ..policy import query_names, redact
from ..policy.captures import Captured, CapturedRequest, CapturedResponse, capture
from .exchange import Exchange, Outcome
from .metering import MeteringRule
from .statistics import Seen, instant_text
from .usage_queue import Measured

#: As servers log a client that had gone before it was answered.
_GONE = 499


def seen(exchange: Exchange, outcome: Outcome, duration_us: int) -> Seen:
    status = _status_of(outcome)
    customer_id = customer_of(exchange)
    agent = exchange.parts.headers.get("user-agent")
    return Seen(
        at=exchange.started_at,
        method=exchange.method,
        route=outcome.route,
        status=status,
        duration_us=duration_us,
        request_bytes=outcome.request_bytes,
        response_bytes=outcome.response_bytes,
        customer_id=customer_id,
        client_address=exchange.parts.client_address,
        user_agent=agent if isinstance(agent, str) else None,
        query_names=query_names(exchange.parts.query),
        is_unmetered=customer_id is None and len(due_rules(exchange, status)) > 0,
    )


def measured(
    exchange: Exchange, outcome: Outcome, duration_us: int
) -> Sequence[tuple[Measured, MeteringRule]]:
    """Nothing for whoever is not known, and of what was refused."""
    status = _status_of(outcome)
    rules = due_rules(exchange, status)
    customer_id = customer_of(exchange)
    if customer_id is None or not rules:
        return []
    captured = _captured(exchange, outcome, duration_us)
    metadata = redact(outcome.metadata, None).metadata
    return [
        (
            Measured(
                rule_id=rule.id,
                customer_id=customer_id,
                timestamp=instant_text(exchange.started_at),
                method=exchange.method,
                route=outcome.route,
                fields={name: captured[name] for name in rule.captures if name in captured},
                metadata=metadata,
            ),
            rule,
        )
        for rule in rules
    ]


def _status_of(outcome: Outcome) -> int:
    status = outcome.status
    return status if status is not None and 100 <= status <= 999 else _GONE


def due_rules(exchange: Exchange, status: int) -> Sequence[MeteringRule]:
    if not exchange.has_passed:
        return ()
    return [rule for rule in exchange.metering if rule.is_due(status)]


def customer_of(exchange: Exchange) -> str | None:
    identity = exchange.identity
    return identity.id if identity is not None and identity.kind == "customer" else None


def _captured(exchange: Exchange, outcome: Outcome, duration_us: int) -> Captured:
    parts = exchange.parts
    params = outcome.params
    if params is None:
        params = exchange.policies[exchange.counting].params if exchange.policies else {}
    request = CapturedRequest(
        method=exchange.method,
        route=outcome.route,
        headers=parts.headers,
        query=parts.query,
        params={name: str(value) for name, value in params.items()},
        body=parts.body if outcome.body is None else outcome.body,
        bytes=outcome.request_bytes,
    )
    response = CapturedResponse(
        status=_status_of(outcome),
        headers=outcome.headers,
        bytes=outcome.response_bytes,
        duration_ms=duration_us / 1_000,
    )
    found = capture(exchange.captures, request, response, outcome.metadata)
    for reader in exchange.readers:
        found.update(reader.end())
    return found
