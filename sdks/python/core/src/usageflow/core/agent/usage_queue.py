"""Usage that policies meter, on its way to the server."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Callable

from ..client.deadline_socket import Cut
from ..client.errors import UsageFlowError, closed, left_at_exit, queue_full
from ..client.event import Entry
from ..client.outbox import Outbox
from ..client.sender import Sender
from ..client.server import Server
from ..client.server_call import ServerCall
from ..client.stats import Counts
from ..client.worker import Worker

_ENTRIES_MAX = 10_000
_BYTES_MAX = 16 * 1024 * 1024
_BATCH_MAX = 1_000
_FLUSH_S = 1.0
_TIMEOUT_S = 5.0


@dataclass(frozen=True)
class Measured:
    """One request, by one rule."""

    rule_id: str
    customer_id: str
    timestamp: str
    method: str
    route: str | None
    fields: Mapping[str, object]
    metadata: Mapping[str, object]

    @property
    def kind(self) -> str:
        """What requests that are summed have in common."""
        parts = (self.rule_id, self.customer_id, self.method, self.route, dict(self.metadata))
        return json.dumps(parts, sort_keys=True)

    def entry(self, requests: int) -> Entry:
        usage = {
            "idempotencyKey": str(uuid.uuid4()),
            "ruleId": self.rule_id,
            "customerId": self.customer_id,
            "timestamp": self.timestamp,
            "method": self.method,
            "route": self.route,
            "requests": requests,
            "fields": dict(self.fields),
            "metadata": dict(self.metadata),
        }
        text = json.dumps(usage, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return Entry(text.encode("utf-8"), requests)


class UsageQueue:
    """
    Keeps usage until the server's word on it is known, with the keys that it got here. `counts` are of
    requests, and exact at every instant: `produced = delivered + queued + refused + dropped`.
    """

    def __init__(
        self, server: Server, application: str, report: Callable[[UsageFlowError], None]
    ) -> None:
        name = json.dumps(application)
        around = (f'{{"application":{name},"usage":'.encode(), b"}")
        call = ServerCall(server, "/api/v1/control/usage", around)
        self._report = report
        self._lock = threading.Lock()
        self._sums: dict[str, tuple[Measured, int]] = {}
        self._outbox = Outbox(_ENTRIES_MAX, _BYTES_MAX)
        self._sender = _SummingSender(self._queue_sums, self._outbox, call, self._report_refusal)
        self._worker = Worker(self._outbox, self._sender, _FLUSH_S, self._tell_dropped)

    @property
    def cut(self) -> Cut:
        return self._sender.cut

    @property
    def counts(self) -> Counts:
        return self._outbox.counts

    def start(self) -> None:
        self._worker.start()

    def add(self, measured: Measured, is_summable: bool) -> None:
        if is_summable and not self._outbox.is_closed:
            self._sum(measured)
        else:
            self._outbox.add(measured.entry(1))
        if len(self._outbox) >= _BATCH_MAX:
            self._worker.hurry()

    def flush(self, end_s: float) -> Callable[[], None]:
        """Begins to send what waits. Returns what waits for it."""
        self._queue_sums()
        flush = self._worker.flush(end_s)

        def wait() -> None:
            flush.wait()
            self._tell_dropped()
            if len(self._outbox) > 0:
                self._report(left_at_exit(self.counts.queued))

        return wait

    def close(self, end_s: float) -> None:
        """What could not be sent until then is dropped, counted and told."""
        self._queue_sums()
        self._outbox.is_closed = True
        self._worker.flush(end_s).wait()
        self._worker.stop()
        self._tell_dropped()
        dropped = self._outbox.drop_all()
        if dropped > 0:
            self._report(closed(dropped))

    def _sum(self, measured: Measured) -> None:
        kind = measured.kind
        with self._lock:
            first, requests = self._sums.get(kind, (measured, 0))
            if requests == 0 and len(self._sums) >= _ENTRIES_MAX:
                self._outbox.count(produced=1, dropped=1)
                return
            self._sums[kind] = first, requests + 1
            self._outbox.count(produced=1, queued=1)

    def _queue_sums(self) -> None:
        with self._lock:
            sums, self._sums = self._sums, {}
        for first, requests in sums.values():
            self._outbox.add(first.entry(requests), is_counted=True)

    def _report_refusal(self, error: UsageFlowError) -> None:
        error.event = None  # it is none that a host could track again
        self._report(error)

    def _tell_dropped(self) -> None:
        count = self._outbox.take_untold()
        if count > 0:
            self._report(closed(count) if self._outbox.is_closed else queue_full(count))


class _SummingSender(Sender):
    """Sends together what was summed since it last sent."""

    def __init__(
        self,
        queue_sums: Callable[[], None],
        outbox: Outbox,
        call: ServerCall,
        report: Callable[[UsageFlowError], None],
    ) -> None:
        super().__init__(outbox, call, _BATCH_MAX, _TIMEOUT_S, report)
        self._queue_sums = queue_sums

    def run(self) -> None:
        self._queue_sums()
        super().run()
