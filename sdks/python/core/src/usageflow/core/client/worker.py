"""The thread that sends."""

from __future__ import annotations

import threading
import time
from collections import deque
from queue import Empty, SimpleQueue
from typing import Callable

from .outbox import Outbox
from .sender import Sender

_STOP_S_MAX = 0.2


class Flush:
    """Somebody waits until all is sent, and no longer than until `end_s`."""

    def __init__(self, end_s: float) -> None:
        self.end_s = end_s
        self._done: SimpleQueue[None] = SimpleQueue()

    def is_done(self) -> None:
        self._done.put(None)

    def wait(self) -> None:
        try:
            self._done.get(timeout=max(0.0, self.end_s - time.monotonic()))
        except Empty:
            pass  # the time is over


class Worker:
    """
    Sends what waits, at intervals, when it is hurried and when somebody flushes. Nobody else sends, so
    nobody else is held by a server. It is told things by queues that a handler of a signal may use too.
    """

    def __init__(
        self,
        outbox: Outbox,
        sender: Sender,
        flush_s: float,
        tell: Callable[[], None],
    ) -> None:
        self._outbox = outbox
        self._sender = sender
        self._flush_s = flush_s
        self._tell = tell
        self._inbox: SimpleQueue[Flush | None] = SimpleQueue()
        self._ended: SimpleQueue[None] = SimpleQueue()
        self._is_hurried = False
        self._is_stopped = False
        self._unstarted = deque(
            [threading.Thread(target=self._work, name="usageflow", daemon=True)]
        )

    def start(self) -> bool:
        """Whether it was started by this call, of however many at once."""
        try:
            thread = self._unstarted.pop()
        except IndexError:
            return False
        try:
            thread.start()
        except RuntimeError:  # there can be no more threads: tried again the next time
            self._unstarted.append(thread)
            return False
        return True

    def hurry(self) -> None:
        if not self._is_hurried and self._sender.circuit.wait_s(time.monotonic()) == 0:
            self._is_hurried = True
            self._inbox.put(None)

    def flush(self, end_s: float) -> Flush:
        flush = Flush(end_s)
        self._inbox.put(flush)
        if self._unstarted or self._is_stopped:
            flush.is_done()
        return flush

    def stop(self) -> None:
        """Waits for no answer any longer."""
        self._is_stopped = True
        self._sender.cut.cut()
        self._inbox.put(None)
        if not self._unstarted:
            try:
                self._ended.get(timeout=_STOP_S_MAX)
            except Empty:
                pass  # it looks up a name, and will find that it was cut

    def _work(self) -> None:
        while not self._is_stopped:
            try:
                flush = self._inbox.get(timeout=self._interval_s())
            except Empty:
                flush = None
            self._is_hurried = False
            try:
                self._send(flush)
            except Exception as error:  # a mistake of ours, or no memory: the next try may do
                self._sender.failed(error)
            if flush is not None:
                flush.is_done()
        self._ended.put(None)

    def _send(self, flush: Flush | None) -> None:
        if flush is not None:
            self._flush_until(flush.end_s)
        elif self._sender.circuit.wait_s(time.monotonic()) == 0 and not self._is_stopped:
            self._sender.run()
        self._tell()

    def _flush_until(self, end_s: float) -> None:
        circuit = self._sender.circuit
        # The first try is now, unless the server asked to be left alone. Even for who waits no longer: else
        # all would wait for the interval, as this thread may begin late.
        wait_s = circuit.asked_wait_s(time.monotonic())
        if wait_s == 0 and not self._is_stopped:
            self._sender.run()
            wait_s = circuit.wait_s(time.monotonic())
        while len(self._outbox) > 0 and not self._is_stopped:
            if time.monotonic() + wait_s >= end_s:
                return
            time.sleep(wait_s)
            self._sender.run()
            wait_s = circuit.wait_s(time.monotonic())

    def _interval_s(self) -> float:
        return min(self._flush_s, self._sender.circuit.wait_s(time.monotonic()) or self._flush_s)
