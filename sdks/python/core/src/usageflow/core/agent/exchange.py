"""One request in the host, from when it came in until its answer has gone out."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ..policy import (
    Identity,
    Route,
    RouteMatch,
    RouteTable,
    counting_route,
    covering_routes,
    identify,
    is_exempt,
    network_of,
)
from ..policy.captures import BodyReader, open_body
from ..policy.identity import RequestParts
from .metering import MeteringRule
from .rules import Policy, Rules

NO_PARTS = RequestParts()


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
    started_ns: int
    parts: RequestParts = NO_PARTS
    #: Whom each of the policies takes the caller for, and the one that counts.
    identities: Sequence[Identity] = ()
    identity: Identity | None = None
    #: Which of the policies counts: that of the plainest reading, until it is known which route has served.
    counting: int = 0
    refusal: Refusal | None = None
    #: Of an answer that passes.
    headers: Mapping[str, str] = field(default_factory=dict)
    #: Was it asked for a decision, and let through?
    has_passed: bool = False
    readers: list[BodyReader] = field(default_factory=list)
    has_ended: bool = False

    @property
    def reads_body(self) -> bool:
        """Whether the body has to be read before it can be decided."""
        return any(match.route.reads_body for match in self.policies)

    @property
    def metering(self) -> Sequence[MeteringRule]:
        """Of one policy: nobody pays twice for a path that can be read in two ways."""
        return self.policies[self.counting].route.metering if self.policies else ()

    @property
    def captures(self) -> Sequence[str]:
        """What of it has to be read, for all rules together that may count."""
        rules = (rule for match in self.policies for rule in match.route.metering)
        return list(dict.fromkeys(each for rule in rules for each in rule.captures))

    @property
    def captures_request_body(self) -> bool:
        return any(each.startswith("/request/body") for each in self.captures)

    def count_for(self, template: str | None) -> None:
        """By the way to read the path that led to the route of the framework."""
        if template is None or len(self.identities) < 2:
            return
        counting = counting_route(self.rules.policies, self.method, self.target, template)
        for at, match in enumerate(self.policies):
            if match.route is counting:
                self.counting, self.identity = at, self.identities[at]

    def reader(
        self, side: Literal["request", "response"], headers: Mapping[str, str | Sequence[str]]
    ) -> BodyReader | None:
        """To be given a body as it goes by. None where nobody asks for what is in it."""
        captures = self.captures
        if not captures:
            return None
        kind, encoding = headers.get("content-type", ""), headers.get("content-encoding", "")
        if not isinstance(kind, str) or not isinstance(encoding, str):
            return None
        reader = open_body(captures, side, kind, encoding)
        if reader is not None:
            self.readers.append(reader)
        return reader


@dataclass(frozen=True)
class Outcome:
    """
    What went out. `status` is None where nothing did, for the client had gone. `route` and `params` are the
    framework's; `metadata` is the host's; `body` is the request's, where the host has parsed it.
    """

    status: int | None
    route: str | None = None
    headers: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    request_bytes: int = 0
    response_bytes: int = 0
    params: Mapping[str, object] | None = None
    metadata: object = None
    body: object = None


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


def headers_of(pairs: Iterable[tuple[str, str]]) -> dict[str, str | list[str]]:
    """By their names in lower case. One that came several times is a list."""
    headers: dict[str, str | list[str]] = {}
    for given, value in pairs:
        name = given.lower()
        before = headers.get(name)
        if before is None:
            headers[name] = value
        else:
            headers[name] = [*before, value] if isinstance(before, list) else [before, value]
    return headers
