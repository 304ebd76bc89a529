"""What is counted of all requests, until the next report."""

from __future__ import annotations

import datetime
import json
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Optional

from ..policy import COLLECTED_FIELDS, Identity, redact
from ..policy.latency import bucket_of
from .decide import Told

_ROWS_MAX = 2_000  # of each kind in a report; beyond it callers are not told apart
_ROWS_KEPT_MAX = 4_000  # of hours without an answer; what is beyond is not counted
_ROUTES_MAX = 500
_FRAMEWORK_ROUTES_MAX = 1_000
_SAMPLES_A_SECOND = 5
_SAMPLES_MAX = 100
_LIST_BYTES_MAX = 300_000  # of a report of at most 1 MiB, twice
_BYTES_MAX = 1_000_000_000_000  # more nobody sends: it is what a client says of its body
_USER_AGENT_LENGTH_MAX = 500
_ADDRESS_LENGTH_MAX = 100
_QUERY_NAME_LENGTH_MAX = 100
_QUERY_NAMES_MAX = 20

#: Told apart. Any other is what a client has made up: each with every route, they would soon be more than are
#: told apart of an application.
_METHODS = frozenset(
    "GET HEAD POST PUT PATCH DELETE OPTIONS TRACE CONNECT QUERY PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK "
    "REPORT SEARCH PURGE".split()
)
_OTHER_METHOD = "OTHER"


@dataclass(frozen=True)
class Seen:
    """One request that has ended, with what is collected of all of them."""

    at: datetime.datetime
    method: str
    route: str | None
    status: int
    duration_us: int
    request_bytes: int
    response_bytes: int
    customer_id: str | None
    client_address: str
    user_agent: str | None
    query_names: list[str]
    is_unmetered: bool


@dataclass
class _Row:
    requests: int = 0
    unmetered: int = 0
    request_bytes: int = 0
    response_bytes: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    latency: Counter[int] = field(default_factory=Counter)

    def add(self, seen: Seen) -> None:
        self.requests += 1
        self.unmetered += seen.is_unmetered
        self.request_bytes = min(self.request_bytes + seen.request_bytes, _BYTES_MAX)
        self.response_bytes = min(self.response_bytes + seen.response_bytes, _BYTES_MAX)
        self.statuses[seen.status] += 1
        self.latency[bucket_of(seen.duration_us)] += 1


_RowKey = tuple[str, str, Optional[str], Optional[str]]
_Decision = tuple[str, Optional[str], Optional[str], str, str, Optional[Identity]]
Report = dict[str, object]


class Statistics:
    """Bounded, whatever comes and however long nobody takes it. The lock is held for as long as counting takes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows: dict[_RowKey, _Row] = {}
        self._known_routes: set[str | None] = {None}
        self._framework_routes: set[tuple[str, str]] = set()
        self._new_routes: list[tuple[str, str]] = []
        self._decisions: dict[_Decision, Counter[str]] = {}
        self._samples: list[Mapping[str, object]] = []
        self._sampled_second = 0
        self._sampled = 0

    def see(self, seen: Seen) -> None:
        if seen.method not in _METHODS:
            seen = replace(seen, method=_OTHER_METHOD, route=None)
        with self._lock:
            key = self._row_key(seen)
            if key is not None:
                self._rows.setdefault(key, _Row()).add(seen)
            self._sample(seen)

    def tell(self, told: Told, at: datetime.datetime) -> None:
        with self._lock:
            of = (_minute(at), told.policy_id, told.pattern, told.limit, told.mode)
            key: _Decision = (*of, told.identity)
            if key not in self._decisions and len(self._decisions) >= _ROWS_MAX:
                key = (*of, None)
            if key in self._decisions or len(self._decisions) < _ROWS_KEPT_MAX:
                self._decisions.setdefault(key, Counter())[told.outcome] += 1

    def learn_routes(self, routes: Iterable[tuple[str, str]]) -> None:
        with self._lock:
            for route in routes:
                if route in self._framework_routes:
                    continue
                if len(self._framework_routes) < _FRAMEWORK_ROUTES_MAX:
                    self._framework_routes.add(route)
                    self._new_routes.append(route)

    def take(self) -> Report:
        """What a report has room for; the rest is for the next. Empty when there is nothing to say."""
        with self._lock:
            routes, self._new_routes = self._new_routes, []
            samples, self._samples = self._samples, []
            report: Report = {
                "routes": [{"method": method, "route": route} for method, route in routes],
                "statistics": _taken(self._rows, _row_json),
                "decisions": _taken(self._decisions, _decision_json),
                "samples": samples,
            }
            self._known_routes = {None, *(key[2] for key in self._rows)}
        return {name: rows for name, rows in report.items() if rows}

    def _row_key(self, seen: Seen) -> _RowKey | None:
        route = seen.route
        if route not in self._known_routes:
            if len(self._known_routes) > _ROUTES_MAX:
                route = None
            self._known_routes.add(route)
        minute, method = _minute(seen.at), seen.method
        key = (minute, method, route, seen.customer_id)
        if key not in self._rows and len(self._rows) >= _ROWS_MAX:
            key = (minute, method, route, None)
        return key if key in self._rows or len(self._rows) < _ROWS_KEPT_MAX else None

    def _sample(self, seen: Seen) -> None:
        second = int(seen.at.timestamp())
        if second != self._sampled_second:
            self._sampled_second, self._sampled = second, 0
        if self._sampled >= _SAMPLES_A_SECOND or len(self._samples) >= _SAMPLES_MAX:
            return
        self._sampled += 1
        self._samples.append(_sample_json(seen))


def instant_text(at: datetime.datetime) -> str:
    utc = at.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    return utc.isoformat(timespec="milliseconds") + "Z"


def _minute(at: datetime.datetime) -> str:
    return instant_text(at.replace(second=0, microsecond=0))


def _taken(rows: dict[Any, Any], to_json: Any) -> list[Mapping[str, object]]:
    """The oldest rows that have room together."""
    taken: list[Mapping[str, object]] = []
    size = 0
    while rows and len(taken) < _ROWS_MAX:
        key = next(iter(rows))
        row = to_json(key, rows[key])
        size += len(json.dumps(row))
        if taken and size > _LIST_BYTES_MAX:
            break
        del rows[key]
        taken.append(row)
    return taken


def _row_json(key: _RowKey, row: _Row) -> dict[str, object]:
    minute, method, route, customer_id = key
    return {
        **{"minute": minute, "method": method, "route": route, "customerId": customer_id},
        **{"requests": row.requests, "unmetered": row.unmetered},
        "statuses": {str(status): count for status, count in row.statuses.items()},
        "latency": {str(bucket): count for bucket, count in row.latency.items()},
        **{"requestBytes": row.request_bytes, "responseBytes": row.response_bytes},
    }


def _decision_json(key: _Decision, outcomes: Counter[str]) -> dict[str, object]:
    minute, policy_id, pattern, limit, mode, identity = key
    named = {"policyId": policy_id, "pattern": pattern}
    return {
        "minute": minute,
        **{name: value for name, value in named.items() if value is not None},
        **{"limit": limit, "mode": mode},
        "identity": None if identity is None else {"kind": identity.kind, "id": identity.id},
        "refused": outcomes["refused"],
        "allowedWithoutAnswer": outcomes["allowed_without_answer"],
        "refusedWithoutAnswer": outcomes["refused_without_answer"],
    }


def _sample_json(seen: Seen) -> dict[str, object]:
    """Without what looks like a secret, wherever a client has put it, and without what the server cannot hold."""
    agent = seen.user_agent
    names = [name for name in seen.query_names if len(name) <= _QUERY_NAME_LENGTH_MAX]
    heard = {
        "userAgent": None if agent is None or len(agent) > _USER_AGENT_LENGTH_MAX else agent,
        "queryNames": names[:_QUERY_NAMES_MAX],
    }
    kept = redact(heard, COLLECTED_FIELDS).metadata
    return {
        **{"at": instant_text(seen.at), "method": seen.method},
        **{"route": seen.route, "status": seen.status, "durationMs": seen.duration_us / 1_000},
        "requestBytes": min(seen.request_bytes, _BYTES_MAX),
        "responseBytes": min(seen.response_bytes, _BYTES_MAX),
        "customerId": seen.customer_id,
        "clientAddress": seen.client_address[:_ADDRESS_LENGTH_MAX],
        **{"userAgent": kept.get("userAgent"), "queryNames": kept["queryNames"]},
    }
