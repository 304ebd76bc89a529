"""What is lent to this process, of which limits and for whom."""

from __future__ import annotations

import heapq
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Callable

from ..policy import (
    HOLDS_NOTHING,
    Holder,
    Identity,
    LeaseAnswer,
    LocalDecision,
    ask_for_lease,
    receive_lease,
    spend_locally,
    take_settlements,
)
from .rules import Limit

_HOLDERS_MAX = 10_000
_SETTLEMENTS_MAX = 10_000


@dataclass(frozen=True)
class Account:
    """A limit for one identity; None is for all together."""

    limit: Limit
    identity: Identity | None

    @property
    def key(self) -> tuple[object, ...]:
        return (*self.limit.key, self.identity and self.identity.key)

    def on_the_wire(self) -> dict[str, object]:
        identity = self.identity and {"kind": self.identity.kind, "id": self.identity.id}
        return {"limit": dict(self.limit.reference), "identity": identity}


class LeaseBook:
    """
    Pure but for what it remembers; whoever uses it holds a lock. A lease leaves it as a settlement, when it
    is used up, when it ends, and when the one it is for was not seen for longest of too many.
    """

    def __init__(self, new_id: Callable[[], str]) -> None:
        self._new_id = new_id
        self._holders: OrderedDict[tuple[object, ...], tuple[Account, Holder]] = OrderedDict()
        self._ends: list[tuple[int, int, tuple[object, ...]]] = []
        self._ends_count = 0
        self._settlements: OrderedDict[str, Mapping[str, object]] = OrderedDict()
        self._kept: Counter[tuple[object, ...]] = Counter()

    def look(self, accounts: Sequence[Account], now_ms: int) -> list[LocalDecision]:
        """What each would decide for a request beside those that are kept. Changes nothing."""
        return [self._look_at(account, now_ms) for account in accounts]

    def keep(self, accounts: Iterable[Account]) -> None:
        """What a request takes of each, while others are asked about it."""
        self._kept.update(account.key for account in accounts)

    def leave(self, accounts: Iterable[Account]) -> None:
        """What was kept."""
        for account in accounts:
            self._kept[account.key] -= 1
            if not self._kept[account.key]:
                del self._kept[account.key]

    def spend(self, accounts: Sequence[Account], decisions: Sequence[LocalDecision]) -> None:
        """Writes down what was looked at."""
        for account, decision in zip(accounts, decisions):
            self._put(account, decision.holder)
            if any(lease.left == 0 for lease in decision.holder.leases):
                self._settle(account, 0)

    def ask(self, account: Account, now_ms: int) -> str:
        """The id of the lease to ask for: the same until it is answered."""
        holder = self._holder_of(account)
        lease_id = holder.asked.id if holder.asked else self._new_id()
        self._put(account, ask_for_lease(holder, lease_id, now_ms))
        return lease_id

    def forget(self, account: Account) -> None:
        """Of a limit that is no more."""
        self._holders.pop(account.key, None)

    def receive(self, account: Account, answer: LeaseAnswer) -> None:
        known = self._holders.get(account.key)
        if known is None:  # it had to go meanwhile
            if answer.units > 0:
                self._note(account, answer.id, 0)
            return
        holder = receive_lease(known[1], answer)
        self._holders[account.key] = (account, holder)
        for lease in holder.leases:
            if lease.id == answer.id:
                self._ends_count += 1
                heapq.heappush(self._ends, (lease.expires_at_ms, self._ends_count, account.key))

    def first_settlements(self, most: int, now_ms: int) -> list[Mapping[str, object]]:
        """They stay until `settled` says that the server has them."""
        while self._ends and self._ends[0][0] <= now_ms:
            known = self._holders.get(heapq.heappop(self._ends)[2])
            if known:
                self._settle(known[0], now_ms)
        return [settlement for _, settlement in zip(range(most), self._settlements.values())]

    def settled(self, settlements: Iterable[Mapping[str, object]]) -> None:
        for settlement in settlements:
            self._settlements.pop(str(settlement["id"]), None)

    def settle_all(self) -> None:
        for account, holder in list(self._holders.values()):
            self._settle(account, None)
            if holder.asked:  # it may have been lent by the call that was cut
                self._note(account, holder.asked.id, 0)

    def next_end_ms(self) -> int | None:
        return self._ends[0][0] if self._ends else None

    def _look_at(self, account: Account, now_ms: int) -> LocalDecision:
        holder, kept = self._holder_of(account), self._kept.get(account.key, 0)
        cost = account.limit.cost
        alone = spend_locally(holder, cost, now_ms)
        if not kept:
            return alone
        return replace(spend_locally(holder, cost * (1 + kept), now_ms), holder=alone.holder)

    def _holder_of(self, account: Account) -> Holder:
        known = self._holders.get(account.key)
        return known[1] if known else HOLDS_NOTHING

    def _put(self, account: Account, holder: Holder) -> None:
        key = account.key
        self._holders[key] = (account, holder)
        self._holders.move_to_end(key)
        if len(self._holders) > _HOLDERS_MAX:
            self._settle(next(iter(self._holders.values()))[0], None)
            self._holders.popitem(last=False)

    def _settle(self, account: Account, by_ms: int | None) -> None:
        holder, settlements = take_settlements(self._holder_of(account), by_ms)
        self._holders[account.key] = (account, holder)
        for settlement in settlements:
            self._note(account, settlement.id, settlement.used)

    def _note(self, account: Account, lease_id: str, used: int) -> None:
        self._settlements[lease_id] = {"id": lease_id, **account.on_the_wire(), "used": used}
        if len(self._settlements) > _SETTLEMENTS_MAX:
            self._settlements.popitem(last=False)  # what it lent counts as used
