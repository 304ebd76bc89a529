"""What a process decides with the slices of a limit that the server has lent it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from .rate_limit import check_units


@dataclass(frozen=True)
class LeaseAnswer:
    """
    What the server says to a request for a lease. `units` is 0 if nothing could be lent; then
    `retry_after_ms` is for the client, `ask_again_ms` for the holder. `life_ms` counts from when the
    holder *sent* its request, so that no clock makes it longer than it is for the server.
    """

    id: str
    units: int
    life_ms: int
    retry_after_ms: int | None
    ask_again_ms: int


@dataclass(frozen=True)
class LeaseSettlement:
    """What a holder used of a lease that it will use no more."""

    id: str
    used: int


@dataclass(frozen=True)
class HeldLease:
    id: str
    units: int
    used: int
    expires_at_ms: int

    @property
    def left(self) -> int:
        return self.units - self.used


@dataclass(frozen=True)
class AskedLease:
    """The request that is under way, since it was first sent."""

    id: str
    sent_at_ms: int


@dataclass(frozen=True)
class Holder:
    """
    What one process holds of one limit for one identity. Times are of its own clock, which must not jump
    back. Until `refused_until_ms` the server has nothing to lend; until `retry_at_ms` clients are told
    to wait.
    """

    leases: tuple[HeldLease, ...] = ()
    asked: AskedLease | None = None
    refused_until_ms: int = 0
    retry_at_ms: int = 0


HOLDS_NOTHING = Holder()


@dataclass(frozen=True)
class LocalDecision:
    """
    `ask`: only the server knows. Whoever cannot wait for it decides as the policy says, and counts that
    apart.

    `should_ask`: what is held runs out and nothing is under way: ask for more, in the background if this
    was allowed. Not with the last unit of all: where slices are that small, units kept in store would be
    refused to others.
    """

    answer: Literal["allowed", "refused", "ask"]
    should_ask: bool
    remaining: int
    retry_after_ms: int
    holder: Holder


def spend_locally(holder: Holder, cost: int, now_ms: int) -> LocalDecision:
    """Decides with what is held, the lease that ends first before the others. Refusing costs nothing."""
    check_units(cost)
    live = [lease for lease in holder.leases if lease.expires_at_ms > now_ms]
    left = sum(lease.left for lease in live)
    lent = sum(lease.units for lease in live)
    is_refused = now_ms < holder.refused_until_ms
    may_ask = not is_refused and holder.asked is None
    if left < cost:
        return LocalDecision(
            answer="refused" if is_refused else "ask",
            should_ask=may_ask,
            remaining=left,
            retry_after_ms=max(0, holder.retry_at_ms - now_ms),
            holder=holder,
        )
    return LocalDecision(
        answer="allowed",
        should_ask=may_ask and left > cost and (left - cost) * 2 < lent,
        remaining=left - cost,
        retry_after_ms=0,
        holder=replace(holder, leases=_with_spent(holder.leases, cost, now_ms)),
    )


def ask_for_lease(holder: Holder, lease_id: str, now_ms: int) -> Holder:
    """Notes that a lease was asked for. Whoever asks again under the same id keeps the time of the first."""
    if holder.asked is not None and holder.asked.id == lease_id:
        return holder
    return replace(holder, asked=AskedLease(lease_id, now_ms))


def receive_lease(holder: Holder, answer: LeaseAnswer) -> Holder:
    """
    Takes in the answer to the request under way. Any other changes nothing: it was taken in before, and
    what it lent may be used up and settled; or it was given up, and what it lent counts as used.
    """
    if holder.asked is None or holder.asked.id != answer.id:
        return holder
    sent_at_ms = holder.asked.sent_at_ms
    if answer.units == 0:
        wait_ms = answer.ask_again_ms if answer.retry_after_ms is None else answer.retry_after_ms
        return Holder(holder.leases, None, sent_at_ms + answer.ask_again_ms, sent_at_ms + wait_ms)
    lease = HeldLease(answer.id, answer.units, 0, sent_at_ms + answer.life_ms)
    return Holder(tuple(sorted((*holder.leases, lease), key=lambda each: each.expires_at_ms)))


def take_settlements(holder: Holder, by_ms: int | None) -> tuple[Holder, list[LeaseSettlement]]:
    """
    Leases to settle with the server, which the holder no longer has then: those used up and those that
    end by `by_ms`; None is for a process that ends. Each settlement is sent until the server has it.
    """
    over = [lease for lease in holder.leases if _is_over(lease, by_ms)]
    kept = tuple(lease for lease in holder.leases if not _is_over(lease, by_ms))
    return replace(holder, leases=kept), [LeaseSettlement(each.id, each.used) for each in over]


def _is_over(lease: HeldLease, by_ms: int | None) -> bool:
    return lease.left == 0 or by_ms is None or lease.expires_at_ms <= by_ms


def _with_spent(leases: tuple[HeldLease, ...], cost: int, now_ms: int) -> tuple[HeldLease, ...]:
    spent = []
    for lease in leases:
        taken = min(cost, lease.left) if lease.expires_at_ms > now_ms else 0
        cost -= taken
        spent.append(replace(lease, used=lease.used + taken))
    return tuple(spent)
