"""Tells the server what was counted."""

from __future__ import annotations

import random
import time
from typing import Callable

from ..client.circuit import Circuit
from ..client.deadline_socket import Cut
from ..client.errors import UsageFlowError
from ..client.server_call import Unknown
from ..client.stats import Counts
from .control_call import ControlCall, Refused
from .loop import Loop
from .statistics import Report, Statistics

_EVERY_S = 1.0
_TIMEOUT_S = 5.0


class ReportSender:
    """
    A report is sent until it is answered, under its number, and then the next one. One that the server will
    never take is given up and told.
    """

    def __init__(
        self,
        call: ControlCall,
        about: Report,
        statistics: Statistics,
        usage: Callable[[], Counts],
        report: Callable[[UsageFlowError], None],
    ) -> None:
        self.cut = Cut()
        self.loop = Loop("usageflow reports", self._step)
        self._call = call
        self._about = about
        self._statistics = statistics
        self._usage = usage
        self._usage_told = Counts()
        self._report = report
        self._circuit = Circuit(random.random)
        self._sequence = 0
        self._pending: Report | None = None

    def stop(self) -> None:
        self.loop.stop()
        self.cut.cut()

    def _step(self) -> float:
        if self._circuit.wait_s(time.monotonic()) == 0:
            self.send(_TIMEOUT_S, self.cut)
        return max(_EVERY_S, self._circuit.wait_s(time.monotonic()))

    def send_all(self, end_s: float) -> None:
        """All that there is to say, as long as the server answers. By one thread at a time."""
        while self.send(max(0.001, end_s - time.monotonic()), Cut()):
            pass

    def send(self, timeout_s: float, cut: Cut) -> bool:
        """
        Once, what waits, or what was counted since. Tells whether there was something, and the server's word on it is
        known. By one thread at a time.
        """
        self._pending = self._pending or self._next()
        if self._pending is None:
            return False
        said = self._call.post("/reports", self._pending, timeout_s, cut)
        if isinstance(said, Unknown):
            self._circuit.failed(time.monotonic(), said.asked_s)
            return False  # the calls that matter tell of it
        self._circuit.succeeded()
        self._pending = None
        if isinstance(said, Refused):
            self._report(
                UsageFlowError("dropped", said.code, f"A report was refused. {said.message}")
            )
        return True

    def _next(self) -> Report | None:
        counted = self._statistics.take()
        usage = self._usage()
        if not counted and usage == self._usage_told:
            return None
        self._usage_told = usage
        self._sequence += 1
        return {**self._about, "sequence": self._sequence, **counted, "usage": _usage_json(usage)}


def _usage_json(usage: Counts) -> dict[str, int]:
    return {
        **{"produced": usage.produced, "delivered": usage.delivered, "queued": usage.queued},
        **{"refused": usage.refused, "dropped": usage.dropped},
    }
