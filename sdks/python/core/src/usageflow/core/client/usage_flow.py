"""The client."""

from __future__ import annotations

import datetime
import random
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from queue import Empty, SimpleQueue
from typing import Callable, Literal, Union, overload

from .circuit import backoff_s
from .config import read_config
from .deadline_socket import Cut
from .errors import UsageFlowError, closed, config_error, left_at_exit, queue_full
from .event import Clock, Entry, read_event
from .host_process import join_host
from .outbox import Outbox
from .reporter import OnError, reporter
from .sender import Sender, no_answer, refusal_of, refused
from .server import Server
from .server_call import Answer, Rejected, Result, Results, ServerCall, Unknown
from .stats import Stats
from .worker import Worker

#: A float of at most 15 significant digits, or what is exact by itself.
Amount = Union[int, float, Decimal, str]
Metadata = Mapping[str, object]
Timestamp = Union[datetime.datetime, str]


@dataclass(frozen=True)
class Sent:
    """What the server answered to one event. `duplicate`: it was there already, and counts once."""

    status: Literal["recorded", "duplicate"]
    event_id: str
    idempotency_key: str


_SEND_DEADLINE_S = 10.0
_FLUSH_DEADLINE_S = 5.0
#: Of a key that is not known or may not write, or of another address: no retry mends that.
_HOPELESS = frozenset((401, 403, 404))


class UsageFlow:
    """
    Sends usage to UsageFlow. `track` is for the way of a request: it neither raises nor waits. `send` is
    for where the answer matters.
    """

    def __init__(
        self,
        api_key: str | None = None,
        base_url: str | None = None,
        *,
        flush_s: float | None = None,
        batch_events_max: int | None = None,
        timeout_s: float | None = None,
        queue_events_max: int | None = None,
        queue_bytes_max: int | None = None,
        on_error: OnError | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Raises a `config` error for options that cannot work."""
        limits = {
            "flush_s": flush_s,
            "batch_events_max": batch_events_max,
            "timeout_s": timeout_s,
            "queue_events_max": queue_events_max,
            "queue_bytes_max": queue_bytes_max,
        }
        for name, given in (("on_error", on_error), ("clock", clock)):
            if given is not None and not callable(given):
                raise config_error(f"{name} must be a function.")
        self._config = read_config(api_key, base_url, limits)
        self._call = ServerCall(Server(self._config.url, self._config.api_key))
        self._clock = clock or _system_clock
        self._report = reporter(on_error)
        self._begin()

    @overload
    def track(
        self,
        *,
        name: str,
        customer_id: str,
        amount: Amount | None = None,
        metadata: Metadata | None = None,
        timestamp: Timestamp | None = None,
        idempotency_key: str | None = None,
    ) -> None: ...

    @overload
    def track(
        self,
        *,
        metric: str,
        customer_id: str,
        amount: Amount | None = None,
        metadata: Metadata | None = None,
        timestamp: Timestamp | None = None,
        idempotency_key: str | None = None,
    ) -> None: ...

    def track(self, *positional: object, **given: object) -> None:
        """
        Takes usage and sends it in the background, with a key made now and kept for every try. What is no
        event or finds no room is counted in `stats` and told to `on_error`.
        """
        try:
            entry = read_event(positional, given, self._clock)
        except UsageFlowError as error:
            self.refuse(error)
            return
        self._outbox.add(entry)
        if self._outbox.is_closed:
            self._tell_dropped()
            return
        if self._worker.start():
            join_host(self)
        if len(self._outbox) >= self._config.batch_events_max:
            self._worker.hurry()

    def refuse(self, error: UsageFlowError) -> None:
        """Counts usage that could not be read and tells `on_error`: for what makes events, like the blueprints."""
        self._outbox.count(produced=1, refused=1)
        self._report(error)

    @overload
    def send(
        self,
        *,
        name: str,
        customer_id: str,
        amount: Amount | None = None,
        metadata: Metadata | None = None,
        timestamp: Timestamp | None = None,
        idempotency_key: str | None = None,
        deadline_s: float = _SEND_DEADLINE_S,
    ) -> Sent: ...

    @overload
    def send(
        self,
        *,
        metric: str,
        customer_id: str,
        amount: Amount | None = None,
        metadata: Metadata | None = None,
        timestamp: Timestamp | None = None,
        idempotency_key: str | None = None,
        deadline_s: float = _SEND_DEADLINE_S,
    ) -> Sent: ...

    def send(
        self, *positional: object, deadline_s: float = _SEND_DEADLINE_S, **given: object
    ) -> Sent:
        """
        Sends one event now and waits for the server's answer; tries again with the same key until the
        deadline. Raises a UsageFlowError: `invalid`, `refused`, `dropped` after `close`, or `unavailable`,
        when the event may or may not be stored: send the error's `event` again, and it counts once.
        """
        end_s = time.monotonic() + deadline_s
        outbox = self._outbox
        outbox.count(produced=1, queued=1)
        end = {"dropped": 1}  # whatever interrupts: it is the caller's again
        try:
            entry = read_event(positional, given, self._clock)
            if outbox.is_closed:
                raise closed(1)
            sent = self._send_until(end_s, entry)
            end = {"delivered": 1, "duplicates": 1 if sent.status == "duplicate" else 0}
            return sent
        except UsageFlowError as error:
            if error.kind in ("invalid", "refused"):
                end = {"refused": 1}
            raise
        finally:
            outbox.count(queued=-1, **end)

    def flush(self, deadline_s: float = _FLUSH_DEADLINE_S) -> Stats:
        """
        Sends all that waits, without waiting for the next second. Returns when that is sent or the time is
        over, and never raises.
        """
        self._worker.flush(time.monotonic() + deadline_s).wait()
        return self.stats()

    def close(self, deadline_s: float = _FLUSH_DEADLINE_S) -> Stats:
        """
        Flushes, and takes nothing from now on. What could not be sent until the deadline is dropped,
        counted and told. Never raises.
        """
        if self._outbox.is_closed:
            return self.stats()
        self._outbox.is_closed = True
        self._worker.flush(time.monotonic() + deadline_s).wait()
        self._worker.stop()
        self._tell_dropped()
        dropped = self._outbox.drop_all()
        if dropped > 0:
            self._report(closed(dropped))
        return self.stats()

    def stats(self) -> Stats:
        """Exact at every instant: `produced = delivered + queued + refused + dropped`."""
        circuit = self._sender.circuit.state(time.monotonic())
        return Stats(*self._outbox.counts, circuit=circuit)

    def begin_in_child(self) -> None:
        was_closed = self._outbox.is_closed
        self._sender.cut.let_go()
        self._begin()
        self._outbox.is_closed = was_closed

    def begin_exit(self, end_s: float) -> Callable[[], None]:
        flush = self._worker.flush(end_s)

        def end() -> None:
            flush.wait()
            self._tell_dropped()
            left = len(self._outbox)
            if left > 0:
                self._report(left_at_exit(left))

        return end

    def _begin(self) -> None:
        config = self._config
        self._outbox = Outbox(config.queue_events_max, config.queue_bytes_max)
        self._sender = Sender(
            self._outbox, self._call, config.batch_events_max, config.timeout_s, self._report
        )
        self._worker = Worker(self._outbox, self._sender, config.flush_s, self._tell_dropped)
        join_host(self)

    def _tell_dropped(self) -> None:
        """Where the queue is full, thousands a second may be: told together."""
        count = self._outbox.take_untold()
        if count > 0:
            self._report(closed(count) if self._outbox.is_closed else queue_full(count))

    def _send_until(self, end_s: float, entry: Entry) -> Sent:
        tries = 0
        while True:
            tries += 1
            timeout_s = max(0.001, min(self._config.timeout_s, end_s - time.monotonic()))
            answer = self._ask(entry, timeout_s)
            sent = _sent_or_none(answer, entry)
            if sent is not None:
                return sent
            assert isinstance(answer, Unknown)
            wait_s = max(answer.asked_s, backoff_s(tries, random.random()))
            if time.monotonic() + wait_s >= end_s:
                raise no_answer(answer, entry=entry)
            time.sleep(wait_s)

    def _ask(self, entry: Entry, timeout_s: float) -> Answer:
        """In a thread of its own: looking up a name may take longer than the caller has time."""
        answers: SimpleQueue[Answer] = SimpleQueue()
        cut = Cut()

        def ask() -> None:
            answers.put(self._call.post([entry.json], timeout_s, cut))

        try:
            threading.Thread(target=ask, name="usageflow send", daemon=True).start()
        except RuntimeError:  # when the process ends there can be no more threads
            ask()
        try:
            return answers.get(timeout=timeout_s + 0.1)
        except Empty:
            cut.cut()
            return Unknown("client.no_answer", f"There was no answer within {timeout_s:.3g} s.")


def _system_clock() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


def _sent_or_none(answer: Answer, entry: Entry) -> Sent | None:
    """None when nothing is known yet. Raises a `refused` error."""
    if isinstance(answer, Results):
        result = answer.results[0]  # one event has one result
        if result.status == "refused":
            raise refused(entry, result)
        return Sent(result.status, result.event_id, entry.event["idempotency_key"])
    if isinstance(answer, Rejected):
        raise refused(entry, refusal_of(answer), answer.status)
    if answer.status in _HOPELESS:
        reason = Result("refused", code=answer.code, message=answer.reason)
        raise refused(entry, reason, answer.status)
    return None
