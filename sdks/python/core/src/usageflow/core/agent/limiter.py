"""Holds requests against limits, with what the server lends."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Callable, Optional, cast

from ..client.deadline_socket import Cut
from ..client.errors import UsageFlowError
from ..client.server import Response
from ..client.server_call import Unknown
from ..policy import (
    CLOSED,
    Breaker,
    ClosedBreaker,
    LeaseAnswer,
    LocalDecision,
    after_failure,
    after_success,
    may_call,
)
from .clock import monotonic_ms
from .control_call import ControlCall, Refused, Said
from .lease_book import Account, LeaseBook
from .loop import Loop

_ITEMS_MAX = 500
_TIMEOUT_S = 2.0
_IDLE_S = 1.0
_EXIT_TIMEOUT_S = 1.0
_UNKNOWN_MS = 1_000
_ASKED_MS_MAX = 3_600_000


@dataclass(frozen=True)
class WindowDecision:
    """The server's, of a sliding window, which cannot be lent."""

    is_allowed: bool
    remaining: int
    retry_after_ms: int | None
    reset_ms: int


#: None when the server did not answer.
WindowAnswer = Optional[WindowDecision]


@dataclass(frozen=True)
class Spent:
    """
    What was decided for each account; all that allow are spent, or none. `waits` where only the server
    knows: done when it has answered, and then with whether it did. None: nobody may wait for it now.
    """

    decisions: Sequence[LocalDecision]
    waits: Future[bool] | None = None


@dataclass(eq=False)
class _Round:
    """One call: what goes with it, and who waits for it."""

    answered: Future[bool] = field(default_factory=lambda: _unbreakable())
    asks: dict[str, Account] = field(default_factory=dict)
    window_asks: dict[Future[WindowAnswer], tuple[str, Account]] = field(default_factory=dict)
    settlements: list[Mapping[str, object]] = field(default_factory=list)

    def give_up(self) -> None:
        self.answered.set_result(False)
        for decided in self.window_asks:
            decided.set_result(None)


class Limiter:
    """
    One call of leases at most is under way; what comes meanwhile goes with the next. The lock is held for
    as long as it takes to count, never while anybody waits.
    """

    def __init__(
        self, call: ControlCall, application: str, report: Callable[[UsageFlowError], None]
    ) -> None:
        self.holder_name = uuid.uuid4().hex
        self.cut = Cut()
        self.loop = Loop("usageflow limits", self._step)
        self._call = call
        self._application = application
        self._report = report
        self._lock = threading.Lock()
        self._book = LeaseBook(_new_id)
        self._breaker: Breaker = CLOSED
        self._not_before_ms = 0
        self._unknown_limits: dict[tuple[object, ...], int] = {}
        self._next = _Round()
        self._under_way: _Round | None = None

    def spend(
        self, accounts: Sequence[Account], now_ms: int, kept: list[Account] | None = None
    ) -> Spent:
        """A request of each, if all of them allow it: what one refuses costs the others nothing."""
        return self._decide(accounts, now_ms, self._book.spend, kept)

    def keep(self, accounts: Sequence[Account], now_ms: int, kept: list[Account]) -> Spent:
        """
        What `spend` would decide, for whoever has to ask others before. What it allows is kept until
        then, in `kept`: else many would see the same last unit, and each of them would ask.
        """

        def keep(accounts: Sequence[Account], _: Sequence[LocalDecision]) -> None:
            self._book.keep(accounts)
            kept.extend(accounts)

        return self._decide(accounts, now_ms, keep, kept)

    def leave(self, kept: list[Account]) -> None:
        """Keeps them no longer."""
        if kept:
            with self._lock:
                self._leave(kept)

    def _leave(self, kept: list[Account]) -> None:
        self._book.leave(kept)
        kept.clear()

    def _decide(
        self,
        accounts: Sequence[Account],
        now_ms: int,
        write_down: Callable[[Sequence[Account], Sequence[LocalDecision]], None],
        kept: list[Account] | None,
    ) -> Spent:
        with self._lock:
            if kept:
                self._leave(kept)
            decisions = self._book.look(accounts, now_ms)
            if any(decision.answer == "refused" for decision in decisions):
                return Spent(decisions)
            missing = [
                account
                for account, decision in zip(accounts, decisions)
                if decision.answer == "ask"
            ]
            if not missing:
                write_down(accounts, decisions)
            # What is not known there is not asked for again at once, over and over, by who waits.
            asked = [each for each in missing if now_ms >= self._unknown_until(each)]
            rounds = [self._ask(account, now_ms) for account in asked]
            for account, decision in zip(accounts, decisions):
                if decision.should_ask and not missing:
                    self._ask(account, now_ms)
            is_woken = bool(self._next.asks)
            # Of two calls the later one: what it brings is asked for again, and then all is here.
            waits = self._next if self._next in rounds else self._under_way
        if is_woken:
            self.loop.wake()
        if missing and len(asked) == len(missing) and waits and self._may_wait():
            return Spent(decisions, waits.answered)
        return Spent(decisions)

    def decide_by_server(self, account: Account, now_ms: int) -> Future[WindowAnswer]:
        """For a sliding window, one unit."""
        decided: Future[WindowAnswer] = _unbreakable()
        with self._lock:
            is_known = now_ms >= self._unknown_until(account)
            if is_known and self._may_wait():
                self._next.window_asks[decided] = (_new_id(), account)
            else:
                decided.set_result(None)
        self.loop.wake()
        return decided

    def give_up(self, decided: Future[WindowAnswer]) -> None:
        """Nobody waits for it any longer: what was not asked yet is not, since that would cost a unit."""
        with self._lock:
            self._next.window_asks.pop(decided, None)

    def settle_all(self, timeout_s: float) -> None:
        """At the end of the process: gives back what is left, once."""
        with self._lock:
            self._book.settle_all()
            settlements = self._book.first_settlements(_ITEMS_MAX, monotonic_ms())
        if settlements and self._may_wait():
            self._post([], [], settlements, min(timeout_s, _EXIT_TIMEOUT_S), Cut())

    def stop(self) -> None:
        self.loop.stop()
        self.cut.cut()

    def _may_wait(self) -> bool:
        return isinstance(self._breaker, ClosedBreaker) and monotonic_ms() >= self._not_before_ms

    def _ask(self, account: Account, now_ms: int) -> _Round:
        """The call that will bring it: the one under way, if it is asked there, else the next."""
        lease_id = self._book.ask(account, now_ms)
        if self._under_way and lease_id in self._under_way.asks:
            return self._under_way
        # While nobody may wait, they are asked for again: no need to gather those of an hour.
        if self._may_wait() or len(self._next.asks) < _ITEMS_MAX:
            self._next.asks[lease_id] = account
        return self._next

    def _step(self) -> float:
        now_ms = monotonic_ms()
        call = self._begin(now_ms)
        if call is None:
            return self._wait_s(now_ms)
        said = self._post(
            list(call.asks.items()),
            list(call.window_asks.values()),
            call.settlements,
            _TIMEOUT_S,
            self.cut,
        )
        self._end(call, said, monotonic_ms())
        return self._wait_s(monotonic_ms())

    def _begin(self, now_ms: int) -> _Round | None:
        """The call that may be made now, if there is anything to say."""
        with self._lock:
            settlements = self._book.first_settlements(_ITEMS_MAX, now_ms)
            is_open = not isinstance(self._breaker, ClosedBreaker)
            has_work = self._next.asks or self._next.window_asks or settlements
            # While it is open nobody waits, and the server is tried with whatever there is, be it nothing.
            if now_ms < self._not_before_ms or not (has_work or is_open):
                return None
            is_allowed, self._breaker = may_call(self._breaker, now_ms)
            if not is_allowed:
                return None
            call, self._next = self._next, _Round()
            call.settlements = settlements
            _put_off(call.asks, self._next.asks)
            _put_off(call.window_asks, self._next.window_asks)
            self._under_way = call
            return call

    def _end(self, call: _Round, said: Said, now_ms: int) -> None:
        results = _results_of(said, len(call.asks) + len(call.window_asks))
        with self._lock:
            self._under_way = None
            if results is not None:
                self._breaker = after_success()
                self._book.settled(call.settlements)
                for account, result in zip(call.asks.values(), results):
                    self._take(account, result, now_ms)
            elif isinstance(said, Refused):
                self._book.settled(call.settlements)  # they would be refused again
            else:
                self._breaker = after_failure(self._breaker, now_ms)
                asked_ms = int(1_000 * said.asked_s) if isinstance(said, Unknown) else 0
                self._not_before_ms = now_ms + min(asked_ms, _ASKED_MS_MAX)
        if results is None:
            call.give_up()
            if not self.cut.is_cut:
                self._report(_not_lent(said))
            return
        call.answered.set_result(True)
        windows = zip(call.window_asks.items(), results[len(call.asks) :])
        for (decided, (_, account)), result in windows:
            decision = _window_decision(result)
            if decision is None:
                self._note_unknown(account, now_ms)
            decided.set_result(decision)

    def _take(self, account: Account, result: object, now_ms: int) -> None:
        answer = _lease_answer(result)
        if answer is not None:
            self._book.receive(account, answer)
            return
        # The limit is not known there any more, and soon will not be here.
        self._book.forget(account)
        self._note_unknown(account, now_ms)

    def _note_unknown(self, account: Account, now_ms: int) -> None:
        self._unknown_limits[account.limit.key] = now_ms + _UNKNOWN_MS

    def _unknown_until(self, account: Account) -> int:
        return self._unknown_limits.get(account.limit.key, 0)

    def _post(
        self,
        asks: Sequence[tuple[str, Account]],
        window_asks: Sequence[tuple[str, Account]],
        settlements: Sequence[Mapping[str, object]],
        timeout_s: float,
        cut: Cut,
    ) -> Said:
        body = {
            "application": self._application,
            "holder": self.holder_name,
            "settle": settlements,
            "ask": [
                {"id": lease_id, **account.on_the_wire(), "needed": account.limit.cost}
                for lease_id, account in (*asks, *window_asks)
            ],
        }
        return self._call.post("/leases", body, timeout_s, cut)

    def _wait_s(self, now_ms: int) -> float:
        """Until the next call may be made and has something to say; who asks wakes it before."""
        with self._lock:
            ends_ms = self._book.next_end_ms()
        if now_ms < self._not_before_ms:
            return (self._not_before_ms - now_ms) / 1_000
        if not isinstance(self._breaker, ClosedBreaker):
            return max(0.001, (self._breaker.probe_at_ms - now_ms) / 1_000)
        if ends_ms is None:
            return _IDLE_S
        return min(_IDLE_S, max(0.01, (ends_ms - now_ms) / 1_000))


def _new_id() -> str:
    return uuid.uuid4().hex


def _unbreakable() -> Future[Any]:
    """Many wait for it: nobody of them can cancel it for the others."""
    future: Future[Any] = Future()
    future.set_running_or_notify_cancel()
    return future


def _put_off(taken: dict[Any, Any], rest: dict[Any, Any]) -> None:
    """What is too much for one call goes with the next."""
    while len(taken) > _ITEMS_MAX // 2:
        name, value = taken.popitem()
        rest[name] = value


def _results_of(said: Said, count: int) -> Sequence[object] | None:
    """None unless there is one for each ask."""
    if not isinstance(said, Response) or not isinstance(said.body, dict):
        return None
    results = said.body.get("results")
    return results if isinstance(results, list) and len(results) == count else None


def _lease_answer(result: object) -> LeaseAnswer | None:
    try:
        given = cast("Mapping[str, Any]", result)
        retry_after_ms = given["retryAfterMs"]
        return LeaseAnswer(
            str(given["id"]),
            int(given["units"]),
            int(given["lifeMs"]),
            None if retry_after_ms is None else int(retry_after_ms),
            int(given["askAgainMs"]),
        )
    except (KeyError, TypeError, ValueError):
        return None


def _window_decision(result: object) -> WindowAnswer:
    try:
        given = cast("Mapping[str, Any]", result)
        retry_after_ms = given["retryAfterMs"]
        return WindowDecision(
            given["isAllowed"] is True,
            int(given["remaining"]),
            None if retry_after_ms is None else int(retry_after_ms),
            int(given["resetMs"]),
        )
    except (KeyError, TypeError, ValueError):
        return None


def _not_lent(said: Said) -> UsageFlowError:
    reason = {Unknown: "reason", Refused: "message"}.get(type(said), "")
    why = getattr(said, reason, "The answer makes no sense.")
    code = getattr(said, "code", "client.no_answer")
    return UsageFlowError("unavailable", code, f"Limits could not be asked for. {why}")
