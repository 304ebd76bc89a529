"""Sends what waits, oldest first, one request at a time."""

from __future__ import annotations

import random
import time
from typing import Callable

from .circuit import Circuit
from .deadline_socket import Cut
from .errors import UsageFlowError, trouble_of
from .event import Entry
from .outbox import Outbox
from .server_call import Rejected, Result, Results, ServerCall, Unknown

_BATCH_BYTES_MAX = 1_000_000  # what proxies let through by default


class Sender:
    """
    An event leaves the outbox when the server's word on it is known, and not before; until then it is sent
    again as it is. Used by one thread.
    """

    def __init__(
        self,
        outbox: Outbox,
        call: ServerCall,
        batch_events_max: int,
        timeout_s: float,
        report: Callable[[UsageFlowError], None],
    ) -> None:
        self.circuit = Circuit(random.random)
        self.cut = Cut()
        self._outbox = outbox
        self._call = call
        self._batch_events_max = batch_events_max
        self._timeout_s = timeout_s
        self._report = report

    def run(self) -> None:
        """Sends what waits now, until the server fails."""
        due = len(self._outbox)
        # What comes meanwhile waits for the next time, or else each would be a request of its own.
        while due > 0 or len(self._outbox) >= self._batch_events_max:
            is_probe = self.circuit.state(time.monotonic()) != "closed"
            batch = self._outbox.first(1 if is_probe else self._batch_events_max, _BATCH_BYTES_MAX)
            if not batch or not self._send(batch):
                return
            due -= len(batch)

    def failed(self, error: Exception) -> None:
        """Like a server that fails: what waits stays, and is tried later."""
        self.circuit.failed(time.monotonic(), 0)
        reason = f"Sending failed ({trouble_of(error)})."
        self._report(no_answer(Unknown("client.failed", reason), count=len(self._outbox)))

    def _send(self, batch: list[Entry]) -> bool:
        """Whether the server's word on all of the batch, which are the first that wait, is known."""
        answer = self._call.post([entry.json for entry in batch], self._timeout_s, self.cut)
        if isinstance(answer, Unknown):
            self.circuit.failed(time.monotonic(), answer.asked_s)
            self._report(no_answer(answer, count=len(batch)))
            return False
        self.circuit.succeeded()
        if isinstance(answer, Results):
            return self._settle(batch, answer.results)
        if len(batch) == 1:
            return self._settle(batch, [refusal_of(answer)])
        # One of them makes the request unreadable: it is found by halving, and the others are saved.
        middle = (len(batch) + 1) // 2
        return self._send(batch[:middle]) and self._send(batch[middle:])

    def _settle(self, batch: list[Entry], results: list[Result]) -> bool:
        if not self._outbox.settle(batch, results):
            return False
        for entry, result in zip(batch, results):
            if result.status == "refused":
                self._report(refused(entry, result))
        return True


def refusal_of(rejected: Rejected) -> Result:
    return Result("refused", code=rejected.code, message=rejected.message)


def refused(entry: Entry, result: Result, status: int | None = None) -> UsageFlowError:
    return UsageFlowError("refused", result.code, result.message, event=entry.event, status=status)


def no_answer(answer: Unknown, *, count: int = 1, entry: Entry | None = None) -> UsageFlowError:
    return UsageFlowError(
        "unavailable",
        answer.code,
        answer.reason,
        count=count,
        event=None if entry is None else entry.event,
        status=answer.status,
    )
