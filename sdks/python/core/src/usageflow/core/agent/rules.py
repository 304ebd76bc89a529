"""What holds for an application: the document of the server, compiled."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, cast

from ..policy import (
    Balance,
    IdentitySource,
    Rate,
    Route,
    RouteTable,
    compile_routes,
    parse_limit,
    parse_rate_limit,
)
from .metering import MeteringRule, read_metering_rule


@dataclass(frozen=True)
class Limit:
    """`reference` is what the server calls it: of a policy, or as it stands in the code of the host."""

    name: str
    rate: Rate
    per: Literal["identity", "all"]
    reference: Mapping[str, object]

    @property
    def key(self) -> tuple[object, ...]:
        """What of a limit makes it another one. One that gets another number goes on with what is lent."""
        rate = self.rate
        if isinstance(rate, Balance):
            return (*self.reference.values(), rate.algorithm, rate.meter, rate.units_per_request)
        return (*self.reference.values(), rate.algorithm, rate.window_ms, rate.is_month)

    @property
    def cost(self) -> int:
        """Units of a request."""
        return self.rate.units_per_request if isinstance(self.rate, Balance) else 1


@dataclass(frozen=True)
class Policy:
    """`id` is None for one that stands in the code of the host."""

    id: str | None
    method: str
    url: str
    priority: int
    sources: tuple[IdentitySource, ...]
    mode: Literal["enforce", "shadow"]
    without_answer: Literal["allow", "refuse"]
    deadline_ms: int
    limits: tuple[Limit, ...]
    metering: tuple[MeteringRule, ...] = ()

    @property
    def reads_body(self) -> bool:
        return any(source.place == "body" for source in self.sources)


@dataclass(frozen=True)
class Rules:
    policies: RouteTable[Policy] = ()
    #: Until when on the clock of this process: by `customer:…` or `network:…`.
    blocks: Mapping[str, float] = field(default_factory=dict)

    def blocks_at(self, key: str, now_ms: int) -> bool:
        return now_ms < self.blocks.get(key, 0)


NO_RULES = Rules()
_CODE_DEADLINE_MS = 50
_FOR_GOOD_MS = float("inf")


def read_rules(document: object, now_ms: int) -> tuple[Rules, list[str]]:
    """
    The rules, and what of them this version does not understand: that is left out, and the others hold.
    Raises ValueError for what is no document at all.
    """
    if not isinstance(document, Mapping) or not isinstance(document.get("policies"), list):
        raise ValueError("it has no policies")
    strategies, troubles = _read_strategies(document)
    policies: list[Policy] = []
    for written in document["policies"]:
        try:
            policy = _read_policy(written, strategies, troubles)
            compile_routes([policy])
            policies.append(policy)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            troubles.append(f"a policy is left out: {error}")
    return Rules(compile_routes(policies), _read_blocks(document, now_ms)), troubles


def read_code_limits(rate_limits: Mapping[str, Mapping[str, object]]) -> list[RouteTable[Policy]]:
    """
    Limits that stand in the code of the host, a table for each, since all that cover a request hold.
    Raises ValueError with what to change.
    """
    tables = []
    for pattern, written in rate_limits.items():
        method, _, url = pattern.rpartition(" ")
        if "period" in written:
            raise ValueError("a limit in code has a window; periods are for those of policies")
        rate = parse_rate_limit(**written)  # type: ignore[arg-type]
        window = str(written["window"])
        reference = {"pattern": pattern, "limit": rate.limit, "window": window}
        limit = Limit(pattern, rate, "identity", {**reference, "algorithm": rate.algorithm})
        policy = Policy(
            None, method or "*", url, 0, (), "enforce", "allow", _CODE_DEADLINE_MS, (limit,)
        )
        tables.append(compile_routes([policy]))
    return tables


def read_routes(routes: Sequence[Mapping[str, str]]) -> RouteTable[Route]:
    """Raises ValueError with what to change."""
    return compile_routes([Route(route.get("method", "*"), route["url"]) for route in routes])


def _read_strategies(
    document: Mapping[str, object],
) -> tuple[dict[str, tuple[IdentitySource, ...]], list[str]]:
    strategies: dict[str, tuple[IdentitySource, ...]] = {}
    troubles: list[str] = []
    for written in cast("list[dict[str, object]]", document.get("strategies") or []):
        try:
            sources = cast("list[dict[str, str]]", written["sources"])
            strategies[str(written["id"])] = tuple(_read_source(each) for each in sources)
        except (KeyError, TypeError, ValueError) as error:
            troubles.append(f"a strategy is left out: {error}")
    return strategies, troubles


_PLACES = ("header", "query", "body", "path", "cookie", "claim")


def _read_source(written: Mapping[str, str]) -> IdentitySource:
    place = written["from"]
    if place not in _PLACES:
        raise ValueError(f"a source may be one of {', '.join(_PLACES)}, not {place!r}")
    return IdentitySource(place, written["name"])  # type: ignore[arg-type]


def _read_policy(
    written: Mapping[str, object],
    strategies: Mapping[str, tuple[IdentitySource, ...]],
    troubles: list[str],
) -> Policy:
    policy_id = str(written["id"])
    limits = cast("list[dict[str, object]]", written["limits"])
    metering = cast("list[dict[str, object]]", written.get("metering") or [])
    return Policy(
        id=policy_id,
        method=str(written["method"]),
        url=str(written["url"]),
        priority=int(cast(int, written["priority"])),
        # Without its strategy it tells callers apart by network: the limits hold all the same.
        sources=strategies.get(str(written.get("strategyId")), ()),
        mode="shadow" if written["mode"] == "shadow" else "enforce",
        without_answer="refuse" if written["withoutAnswer"] == "refuse" else "allow",
        deadline_ms=int(cast(int, written["deadlineMs"])),
        limits=tuple(_read_limits(policy_id, limits, troubles)),
        metering=tuple(read_metering_rule(rule) for rule in metering),
    )


def _read_limits(
    policy_id: str, limits: Sequence[Mapping[str, object]], troubles: list[str]
) -> Iterator[Limit]:
    """One that is not understood does not keep the others from holding."""
    for written in limits:
        try:
            yield _read_limit(policy_id, written)
        except (KeyError, TypeError, ValueError) as error:
            name = written.get("name")
            troubles.append(f"the limit {name!r} of the policy {policy_id} is left out: {error}")


def _read_limit(policy_id: str, written: Mapping[str, object]) -> Limit:
    name = str(written["name"])
    per: Literal["identity", "all"] = "all" if written.get("per") == "all" else "identity"
    return Limit(name, parse_limit(written), per, {"policyId": policy_id, "name": name})


def _read_blocks(document: Mapping[str, object], now_ms: int) -> dict[str, float]:
    """Ends are told by the server's clock, and counted by ours from its `now`."""
    server_now = _instant(document.get("now"))
    blocks: dict[str, float] = {}
    for written in cast("list[dict[str, object]]", document.get("blocks") or []):
        until = _instant(written.get("until"))
        left_ms = (
            _FOR_GOOD_MS
            if until is None or server_now is None
            else (until - server_now).total_seconds() * 1_000
        )
        blocks[f"{written.get('kind')}:{written.get('id')}"] = now_ms + left_ms
    return blocks


def _instant(text: object) -> datetime.datetime | None:
    if not isinstance(text, str):
        return None
    try:
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
