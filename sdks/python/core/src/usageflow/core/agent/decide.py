"""Whether a request passes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Callable, Literal, NamedTuple

from ..policy import (
    AppliedLimit,
    Balance,
    Decision,
    Identity,
    LocalDecision,
    Rate,
    RateLimit,
    WindowState,
    balance_used_up,
    network_of,
    quota_exceeded,
    rate_limit_headers,
    window_end_ms,
)
from ..policy.identity import RequestParts
from .clock import monotonic_ms
from .exchange import Exchange, Holder, Refusal, holders_of
from .lease_book import Account
from .limiter import Limiter, Spent, WindowAnswer, WindowDecision
from .rules import Policy
from .steps import Steps, Wait

Mode = Literal["enforce", "shadow"]
Outcome = Literal["refused", "allowed_without_answer", "refused_without_answer"]

_WINDOW_PLACE = WindowState(0, ())  # headers say nothing of it


@dataclass(frozen=True)
class Told:
    """What is told of a decision that was not simply to let through. A block is of no policy and no pattern."""

    policy_id: str | None
    pattern: str | None
    limit: str
    mode: Mode
    identity: Identity | None
    outcome: Outcome


Tell = Callable[[Told], None]
#: Of a limiter: `spend`, or `keep`.
Take = Callable[[Sequence[Account], int], Spent]


@dataclass(frozen=True)
class _Question:
    """One limit that the request is held against."""

    policy: Policy
    account: Account

    @property
    def rate(self) -> Rate:
        return self.account.limit.rate

    @property
    def balance(self) -> Balance | None:
        return self.rate if isinstance(self.rate, Balance) else None

    def told(self, outcome: Outcome) -> Told:
        name = self.account.limit.name
        pattern = name if self.policy.id is None else None
        identity = self.account.identity
        return Told(self.policy.id, pattern, name, self.policy.mode, identity, outcome)


class _Applied(NamedTuple):
    question: _Question
    limit: AppliedLimit


class _Decided(NamedTuple):
    """What windows say, which balances refuse, and what the server did not say in time."""

    applied: Sequence[_Applied]
    unpaid: Sequence[_Question]
    unanswered: Sequence[_Question]


def decide(
    exchange: Exchange, parts: RequestParts, limiter: Limiter, now_ms: int, tell: Tell
) -> Steps[None]:
    """Leaves in the exchange who is calling, and what becomes of the request."""
    holders = holders_of(exchange, parts)
    network = Identity("network", network_of(parts.client_address))
    exchange.identity = holders[0].identity if holders else network
    exchange.identities = [each.identity for each in holders[: len(exchange.policies)]]
    enforced = [holder for holder in holders if holder.policy.mode == "enforce"]
    shadows = [holder for holder in holders if holder.policy.mode == "shadow"]

    blocked = _blocked([network, *(each.identity for each in enforced)], exchange, now_ms)
    if blocked is not None:
        tell(_told_block(blocked, "enforce"))
        exchange.refusal = _forbidden()
        return
    yield from _hold(exchange, _questions(enforced), limiter, tell)
    exchange.has_passed = exchange.refusal is None
    if exchange.has_passed:
        for shadow in shadows:
            _shadow(exchange, shadow, limiter, now_ms, tell)


def _blocked(identities: Iterable[Identity], exchange: Exchange, now_ms: int) -> Identity | None:
    return next((each for each in identities if exchange.rules.blocks_at(each.key, now_ms)), None)


def _questions(holders: Sequence[Holder]) -> list[_Question]:
    return [
        _Question(each.policy, Account(limit, each.identity if limit.per == "identity" else None))
        for each in holders
        for limit in each.policy.limits
    ]


def _hold(
    exchange: Exchange, questions: Sequence[_Question], limiter: Limiter, tell: Tell
) -> Steps[None]:
    """All have to allow. The deadline is one for the request, that of the least patient policy."""
    if not questions:
        return
    end_ms = exchange.started_ms + min(each.policy.deadline_ms for each in questions)
    lent = [each for each in questions if _is_lent(each)]
    windows = [each for each in questions if not _is_lent(each)]

    answers: list[tuple[_Question, WindowAnswer]] = []
    decisions: Sequence[LocalDecision] = ()
    may_pass = True
    kept: list[Account] = []
    try:
        if windows:  # what is lent is spent last: what a window refuses costs nothing of it
            decisions = yield from _spend(lent, partial(limiter.keep, kept=kept), end_ms)
            may_pass = _may_pass(lent, decisions)
        for question in windows:
            if may_pass:
                answer = yield from _ask_server(question, limiter, end_ms)
                answers.append((question, answer))
                may_pass = not _is_refused([question]) if answer is None else answer.is_allowed
        if may_pass:
            decisions = yield from _spend(lent, partial(limiter.spend, kept=kept), end_ms)
    finally:
        limiter.leave(kept)

    at_ms = int(exchange.started_at.timestamp() * 1_000)
    decided = [(q, d) for q, d in zip(lent, decisions) if d.answer != "ask"]
    unpaid = [q for q, d in decided if q.balance and d.answer == "refused"]
    applied = [
        _applied(q, rate, d, at_ms) for q, d in decided if isinstance(rate := q.rate, RateLimit)
    ]
    applied += [
        _applied_window(q, rate, answer)
        for q, answer in answers
        if answer is not None and isinstance(rate := q.rate, RateLimit)
    ]
    unanswered = [q for q, d in zip(lent, decisions) if d.answer == "ask"]
    unanswered += [q for q, answer in answers if answer is None]
    _conclude(exchange, _Decided(applied, unpaid, unanswered), tell)


def _may_pass(questions: Sequence[_Question], decisions: Sequence[LocalDecision]) -> bool:
    missing = [q for q, d in zip(questions, decisions) if d.answer == "ask"]
    return all(each.answer != "refused" for each in decisions) and not _is_refused(missing)


def _is_lent(question: _Question) -> bool:
    return question.rate.algorithm != "sliding_window"


def _is_refused(unanswered: Sequence[_Question]) -> bool:
    return any(each.policy.without_answer == "refuse" for each in unanswered)


def _spend(
    questions: Sequence[_Question], take: Take, end_ms: int
) -> Steps[Sequence[LocalDecision]]:
    """One unit of each that can be answered until the deadline."""
    accounts = [each.account for each in questions]
    while True:
        spent = take(accounts, monotonic_ms())
        is_open = all(each.answer != "refused" for each in spent.decisions)
        if not is_open or all(each.answer == "allowed" for each in spent.decisions):
            return spent.decisions
        has_answered = False
        if spent.waits is not None and monotonic_ms() < end_ms:
            yield Wait(spent.waits, end_ms)
            has_answered = spent.waits.done() and spent.waits.result()
        if not has_answered:
            return _without_answer(questions, spent.decisions, take)


def _without_answer(
    questions: Sequence[_Question], decisions: Sequence[LocalDecision], take: Take
) -> Sequence[LocalDecision]:
    """What is known counts, if those that are not known let the request pass."""
    known = [q.account for q, d in zip(questions, decisions) if d.answer == "allowed"]
    missing = [q for q, d in zip(questions, decisions) if d.answer == "ask"]
    if known and not _is_refused(missing):
        take(known, monotonic_ms())
    return decisions


def _ask_server(question: _Question, limiter: Limiter, end_ms: int) -> Steps[WindowAnswer]:
    now_ms = monotonic_ms()
    if now_ms >= end_ms:  # nobody would take the answer, and it costs a unit
        return None
    decided = limiter.decide_by_server(question.account, now_ms)
    try:
        yield Wait(decided, end_ms)
        return decided.result() if decided.done() else None
    finally:
        if not decided.done():
            limiter.give_up(decided)


def _conclude(exchange: Exchange, decided: _Decided, tell: Tell) -> None:
    applied, unpaid, unanswered = decided
    refused = [each for each in applied if not each.limit.decision.is_allowed]
    _tell_all([*unpaid, *(each.question for each in refused)], "refused", tell)
    limits = [each.limit for each in applied]
    headers = rate_limit_headers(limits) if limits else {}
    if unpaid:
        headers.pop("Retry-After", None)  # waiting for a window helps nobody who has to pay
        exchange.refusal = _refusal(402, headers, _used_up(unpaid[0]))
    elif refused:
        exchange.refusal = _refusal(429, headers, quota_exceeded(limits))
    elif _is_refused(unanswered):
        _tell_all(unanswered, "refused_without_answer", tell)
        exchange.refusal = _refusal(503, {"Retry-After": "1"}, _problem(503, "Service Unavailable"))
    else:
        _tell_all(unanswered, "allowed_without_answer", tell)
        exchange.headers = headers


def _tell_all(questions: Sequence[_Question], outcome: Outcome, tell: Tell) -> None:
    for question in questions:
        tell(question.told(outcome))


def _shadow(exchange: Exchange, shadow: Holder, limiter: Limiter, now_ms: int, tell: Tell) -> None:
    """As if it held, but for nobody and without waiting: what is not known counts as allowed."""
    if exchange.rules.blocks_at(shadow.identity.key, now_ms):
        return tell(_told_block(shadow.identity, "shadow"))
    questions = _questions([shadow])
    lent = [each for each in questions if _is_lent(each)]
    spent = limiter.spend([each.account for each in lent], now_ms)
    for question, decision in zip(lent, spent.decisions):
        if decision.answer == "refused":
            tell(question.told("refused"))
    for question in (each for each in questions if not _is_lent(each)):
        limiter.decide_by_server(question.account, now_ms).add_done_callback(
            _teller(question, tell)
        )


def _teller(question: _Question, tell: Tell) -> Callable[[Future[WindowAnswer]], None]:
    def told(decided: Future[WindowAnswer]) -> None:
        answer = decided.result()
        if answer is not None and not answer.is_allowed:
            tell(question.told("refused"))

    return told


def _applied(
    question: _Question, rate: RateLimit, decision: LocalDecision, at_ms: int
) -> _Applied:
    reset_ms = max(_reset_ms(rate, decision.remaining, at_ms), decision.retry_after_ms)
    is_allowed = decision.answer == "allowed"
    standing = Decision(
        is_allowed, decision.remaining, reset_ms, decision.retry_after_ms, _WINDOW_PLACE
    )
    return _Applied(question, AppliedLimit(question.account.limit.name, rate, standing))


def _reset_ms(rate: RateLimit, remaining: int, at_ms: int) -> int:
    """Until all of it is there again, as far as one process knows; `at_ms` is since 1970."""
    if rate.algorithm == "fixed_window":
        return window_end_ms(rate, at_ms) - at_ms
    return (rate.limit - remaining) * rate.window_ms // rate.limit


def _applied_window(question: _Question, rate: RateLimit, answer: WindowDecision) -> _Applied:
    standing = Decision(
        answer.is_allowed, answer.remaining, answer.reset_ms, answer.retry_after_ms, _WINDOW_PLACE
    )
    return _Applied(question, AppliedLimit(question.account.limit.name, rate, standing))


def _told_block(identity: Identity, mode: Mode) -> Told:
    return Told(None, None, "block", mode, identity, "refused")


def _used_up(question: _Question) -> dict[str, object]:
    balance, identity = question.balance, question.account.identity
    meter = balance.meter if balance else ""
    customer = identity.id if identity and identity.kind == "customer" else None
    return balance_used_up(question.account.limit.name, meter, customer)


def _forbidden() -> Refusal:
    return _refusal(403, {}, _problem(403, "Forbidden"))


def _problem(status: int, title: str) -> dict[str, object]:
    return {"type": "about:blank", "title": title, "status": status}


def _refusal(status: int, headers: Mapping[str, str], problem: Mapping[str, object]) -> Refusal:
    body = json.dumps(problem, separators=(",", ":")).encode()
    return Refusal(status, {**headers, "content-type": "application/problem+json"}, body)
