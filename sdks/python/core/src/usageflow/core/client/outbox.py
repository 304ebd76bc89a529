"""The events that wait, and what became of all the others."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from itertools import islice

from .event import Entry
from .server_call import Result
from .stats import Counts
from .turns import Turns

_ENTRY_BYTES = 120  # of an entry beside its text


class Outbox:
    """
    First in, first out, and bounded. An event stands in exactly one of the counts, and goes from one to
    another in one step.
    """

    def __init__(self, events_max: int, bytes_max: int) -> None:
        self._events_max = events_max
        self._bytes_max = bytes_max
        self._turns = Turns()
        self._entries: deque[Entry] = deque()
        self._bytes = 0
        self._dropped_untold = 0
        #: Takes nothing any more.
        self.is_closed = False
        self.counts = Counts()

    def __len__(self) -> int:
        return len(self._entries)

    def count(self, **changes: int) -> None:
        """Of events that do not wait here."""

        def counted() -> None:
            self.counts = self.counts.plus(**changes)

        self._turns.take(counted)

    def add(self, entry: Entry, *, is_counted: bool = False) -> None:
        """
        Takes what was tracked, if there is room and it is not closed. What `is_counted` counts as queued
        already.
        """

        def added() -> None:
            size = _size_of(entry)
            has_room = len(self) < self._events_max and self._bytes + size <= self._bytes_max
            counted = entry.calls if is_counted else 0
            produced = entry.calls - counted
            if self.is_closed or not has_room:
                self._dropped_untold += entry.calls
                self.counts = self.counts.plus(
                    produced=produced, queued=-counted, dropped=entry.calls
                )
            else:
                self._entries.append(entry)
                self._bytes += size
                self.counts = self.counts.plus(produced=produced, queued=produced)

        self._turns.take(added)

    def first(self, events_max: int, bytes_max: int) -> list[Entry]:
        """The first entries, which stay: at least one, if there is any, and no more than the limits say."""
        batch: list[Entry] = []

        def looked() -> None:
            size = 0
            for entry in islice(self._entries, events_max):
                size += _size_of(entry)
                if batch and size > bytes_max:
                    break
                batch.append(entry)

        self._turns.take(looked)
        return batch

    def settle(self, batch: Sequence[Entry], results: Sequence[Result]) -> bool:
        """
        Takes out the batch, of which the server's word is known. False if it is here no more: an answer
        that comes after the end finds that its events were given up.
        """
        settled = False

        def settle() -> None:
            nonlocal settled
            if not self._entries or self._entries[0] is not batch[0]:
                return
            for entry in batch:
                self._entries.popleft()
                self._bytes -= _size_of(entry)
            calls = Counter[str]()
            for entry, result in zip(batch, results):
                calls[result.status] += entry.calls
            delivered = calls["recorded"] + calls["duplicate"]
            self.counts = self.counts.plus(
                queued=-delivered - calls["refused"],
                delivered=delivered,
                duplicates=calls["duplicate"],
                refused=calls["refused"],
            )
            settled = True

        self._turns.take(settle)
        return settled

    def drop_all(self) -> int:
        """Gives up what waits. Returns how many."""
        dropped = 0

        def drop() -> None:
            nonlocal dropped
            dropped = sum(entry.calls for entry in self._entries)
            self._entries.clear()
            self._bytes = 0
            self.counts = self.counts.plus(queued=-dropped, dropped=dropped)

        self._turns.take(drop)
        return dropped

    def take_untold(self) -> int:
        """How many were dropped by `add` since the last time, to be told together."""
        untold = 0

        def take() -> None:
            nonlocal untold
            untold, self._dropped_untold = self._dropped_untold, 0

        self._turns.take(take)
        return untold


def _size_of(entry: Entry) -> int:
    """At least what it takes in memory and on the wire."""
    return _ENTRY_BYTES + len(entry.json)
