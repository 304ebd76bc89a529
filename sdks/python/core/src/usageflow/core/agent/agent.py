"""Decides and counts in the middle of the requests of a host."""

from __future__ import annotations

import platform
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Callable, TypeVar

from ..client.deadline_socket import Cut
from ..client.errors import UsageFlowError, trouble_of
from ..client.event import Clock
from ..client.host_process import join_host
from ..client.reporter import OnError, reporter
from ..client.server import Server
from ..client.stats import Counts
from ..policy import RouteMatch
from ..policy.identity import RequestParts
from .clock import monotonic_ms, system_clock
from .config_poll import ConfigPoll
from .control_call import ControlCall
from .count import measured, seen
from .decide import Told, decide
from .exchange import Coverage, Exchange, Outcome, covering
from .limiter import Limiter
from .options import RateLimitOption, read_application, read_rate_limits, read_server
from .report_sender import ReportSender
from .rules import NO_RULES, Policy, Rules
from .statistics import Report, Statistics
from .steps import Steps, Wait
from .usage_queue import UsageQueue

if TYPE_CHECKING:
    from typing_extensions import ParamSpec

    P = ParamSpec("P")
T = TypeVar("T")

#: How long a request waits for the first document, and since when the agent began nobody does any more.
_FIRST_WAIT_MS = 50
_FIRST_RULES_MS = 1_000


class Agent:
    """
    One for a program. An adapter tells it what came in (`receive`, `decide`) and what went out (`end`). It
    never raises into its host, and makes no request wait for longer than the policies say. A process
    that was forked has an agent of its own, which begins with the rules of its parent.
    """

    # Not there without a key, when nothing of ours is asked for anything.
    _config: ConfigPoll
    _limiter: Limiter
    _usage: UsageQueue
    _statistics: Statistics
    _reports: ReportSender
    _is_closed: bool
    _began_ms: int

    def __init__(
        self,
        api_key: str | None = None,
        base_url: str | None = None,
        *,
        name: str = "python",
        application: str | None = None,
        rate_limits: Mapping[str, RateLimitOption] | None = None,
        on_error: OnError | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Raises a `config` error for limits that cannot be read. Without a key everything passes, and it warns."""
        self._report = reporter(on_error)
        self._code_limits = read_rate_limits(rate_limits)
        self._application = read_application(application)
        self._clock = clock or system_clock
        self._name = f"{name} python/{platform.python_version()}"
        self._server: Server | None = None
        try:
            self._server = read_server(api_key, base_url)
        except UsageFlowError as error:
            why = f"{error.message} Until then every request passes, and nothing is counted."
            self._report(UsageFlowError("config", error.code, why))
        self._begin(NO_RULES)

    @property
    def is_on(self) -> bool:
        return self._server is not None

    @property
    def knows_what_holds(self) -> bool:
        return self._server is not None and self._config.rules is not NO_RULES

    def start(self) -> None:
        """Begins to ask what holds. The first request does so too."""
        if self._server is not None:
            self._config.loop.start()
            self._limiter.loop.start()
            self._reports.loop.start()
            self._usage.start()

    def receive(
        self, coverage: Coverage, method: str, target: str, template: str | None = None
    ) -> Steps[Exchange | None]:
        """None for a request that is not ours. `template` is what the framework calls the route, if it is known."""
        try:
            return (yield from self._receive(coverage, method, target, template))
        except Exception as error:
            self._failed(error)
            return None

    def know_template(self, exchange: Exchange, template: str) -> None:
        """What the framework calls the route, where it is known only after `receive`. Never raises."""
        try:
            method, target = exchange.method, exchange.target
            exchange.policies = covering(exchange.rules.policies, method, target, template)
            exchange.code_policies = self._code_policies(method, target, template)
        except Exception as error:
            self._failed(error)

    def decide(self, exchange: Exchange, parts: RequestParts) -> Steps[None]:
        """What becomes of it is in the exchange then: `refusal`, or `headers` for the answer that passes."""
        try:
            exchange.parts = parts
            yield from decide(exchange, parts, self._limiter, monotonic_ms(), self._tell)
        except Exception as error:
            self._failed(error)

    def end(self, exchange: Exchange, outcome: Outcome) -> None:
        """When the last byte has gone out, or none will. Only the first time counts. Never raises."""
        if exchange.has_ended:
            return
        exchange.has_ended = True
        try:
            duration_us = (time.monotonic_ns() - exchange.started_ns) // 1_000
            exchange.count_for(outcome.route)
            self._statistics.see(seen(exchange, outcome, duration_us))
            for usage, rule in measured(exchange, outcome, duration_us):
                self._usage.add(usage, rule.is_summable)
        except Exception as error:
            self._failed(error)

    def safely(self, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T | None:
        """What an adapter does on the way of a request. None if it failed, which is told and nothing else."""
        try:
            return work(*args, **named)
        except Exception as error:
            self._failed(error)
            return None

    def learn_routes(self, routes: Iterable[tuple[str, str]]) -> None:
        """The methods and templates that the framework has; those that are known already do nothing. Never raises."""
        try:
            if self._server is not None:
                self._statistics.learn_routes(routes)
        except Exception as error:
            self._failed(error)

    def usage(self) -> Counts:
        """Of requests that were metered: `produced = delivered + queued + refused + dropped`, at every instant."""
        return self._usage.counts if self._server is not None else Counts()

    def flush(self, deadline_s: float = 5.0) -> Counts:
        """Sends what was metered, without waiting for the next second. Never raises."""
        if self._server is not None:
            self._usage.flush(time.monotonic() + deadline_s)()
        return self.usage()

    def close(self, deadline_s: float = 5.0) -> None:
        """Sends what waits, gives back what was lent, and asks for nothing any more. Never raises."""
        if self._server is None or self._is_closed:
            return
        self._is_closed = True
        end_s = time.monotonic() + deadline_s
        self._config.stop()
        self._limiter.stop()
        self._reports.stop()
        self._usage.close(end_s)
        self._reports.send_all(end_s)
        self._limiter.settle_all(max(0.001, end_s - time.monotonic()))

    def begin_in_child(self) -> None:
        for of_parent in (self._config, self._limiter, self._reports, self._usage):
            of_parent.cut.let_go()
        self._begin(self._config.rules)

    def begin_exit(self, end_s: float) -> Callable[[], None]:
        def end() -> None:
            self.close(max(0.0, end_s - time.monotonic()))

        return end

    def _receive(
        self, coverage: Coverage, method: str, target: str, template: str | None
    ) -> Steps[Exchange | None]:
        if self._server is None or not coverage.covers(method, target):
            return None
        self.start()
        started_ms, started_ns = monotonic_ms(), time.monotonic_ns()
        if self._config.rules is NO_RULES and started_ms < self._began_ms + _FIRST_RULES_MS:
            yield Wait(self._config.first, started_ms + _FIRST_WAIT_MS)
        rules = self._config.rules
        return Exchange(
            method=method,
            target=target,
            rules=rules,
            policies=covering(rules.policies, method, target, template),
            code_policies=self._code_policies(method, target, template),
            started_at=self._clock(),
            started_ms=started_ms,
            started_ns=started_ns,
        )

    def _begin(self, rules: Rules) -> None:
        if self._server is None:
            return
        self._is_closed = False
        self._began_ms = monotonic_ms()
        call, report = ControlCall(self._server), self._report
        self._config = ConfigPoll(call, self._application, report, rules)
        self._limiter = Limiter(call, self._application, report)
        self._usage = UsageQueue(self._server, self._application, report)
        self._statistics = Statistics()
        about: Report = {
            "application": self._application,
            "producer": self._limiter.holder_name,
            "agent": self._name,
        }
        self._reports = ReportSender(
            call, about, self._statistics, lambda: self._usage.counts, report
        )
        join_host(self)

    def _code_policies(
        self, method: str, target: str, template: str | None
    ) -> Sequence[RouteMatch[Policy]]:
        return [
            match
            for table in self._code_limits
            for match in covering(table, method, target, template)[:1]
        ]

    def _failed(self, error: Exception) -> None:
        """A mistake of ours is none of the host's business; its words may hold what the request held."""
        what = f"The agent failed in a request, which passes ({trouble_of(error)})."
        self._report(UsageFlowError("unavailable", "agent.failed", what))

    def _tell(self, told: Told) -> None:
        self._statistics.tell(told, self._clock())
