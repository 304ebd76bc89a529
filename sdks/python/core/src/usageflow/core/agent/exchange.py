"""One request in the host, from when it came in until its answer has gone out."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..policy import (
    Identity,
    Route,
    RouteMatch,
    RouteTable,
    covering_routes,
    identify,
    is_exempt,
    network_of,
)
from ..policy.identity import RequestParts
from .rules import Policy, Rules


@dataclass(frozen=True)
class Refusal:
    """What the host answers instead."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Coverage:
    """Which requests are ours: those that `routes` cover and `whitelist` does not exempt."""

    routes: RouteTable[Route]
    whitelist: RouteTable[Route]

    def covers(self, method: str, target: str) -> bool:
        if is_exempt(self.whitelist, method, target):
            return False
        return len(covering_routes(self.routes, method, target)) > 0


@dataclass
class Exchange:
    """
    `policies` cover the request, the plainest reading of its path first; `code_policies` are the limits in
    the code of the host. The rest is known when it was decided.
    """

    method: str
    target: str
    rules: Rules
    policies: Sequence[RouteMatch[Policy]]
    code_policies: Sequence[RouteMatch[Policy]]
    started_at: datetime.datetime
    started_ms: int
    identity: Identity | None = None
    refusal: Refusal | None = None
    #: Of an answer that passes.
    headers: Mapping[str, str] = field(default_factory=dict)
    #: Was it asked for a decision, and let through?
    has_passed: bool = False
    has_ended: bool = False

    @property
    def reads_body(self) -> bool:
        """Whether the body has to be read before it can be decided."""
        return any(match.route.reads_body for match in self.policies)


@dataclass(frozen=True)
class Holder:
    """A policy that holds, and whom it takes the caller for."""

    policy: Policy
    identity: Identity


def holders_of(exchange: Exchange, parts: RequestParts) -> list[Holder]:
    """For each policy, by its own strategy; limits in code go by who the caller is to the first."""
    network = Identity("network", network_of(parts.client_address))
    holders = [
        Holder(match.route, identify(match.route.sources, _with_params(parts, match.params)))
        for match in exchange.policies
    ]
    first = holders[0].identity if holders else network
    return [*holders, *(Holder(match.route, first) for match in exchange.code_policies)]


def _with_params(parts: RequestParts, params: Mapping[str, str]) -> RequestParts:
    return RequestParts(
        parts.headers, parts.query, parts.body, params, parts.claims, parts.client_address
    )


def covering(
    table: RouteTable[Policy], method: str, target: str, template: str | None
) -> list[RouteMatch[Policy]]:
    """By the path as it came, and by the template of the framework where it is known."""
    found = covering_routes(table, method, target)
    if template is None:
        return found
    known = {id(match.route) for match in found}
    by_template = covering_routes(table, method, template)
    return [*found, *(match for match in by_template if id(match.route) not in known)]
