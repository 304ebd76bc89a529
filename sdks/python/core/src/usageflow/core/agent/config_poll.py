"""Knows what holds, as soon as something else does."""

from __future__ import annotations

import random
import time
from concurrent.futures import Future
from typing import Callable
from urllib.parse import quote

from ..client.circuit import Circuit
from ..client.deadline_socket import Cut
from ..client.errors import UsageFlowError
from ..client.server import Response
from ..client.server_call import Unknown
from .clock import monotonic_ms
from .control_call import ControlCall, Refused
from .loop import Loop
from .rules import NO_RULES, Rules, read_rules

_WAIT_S = 25
_TIMEOUT_FIRST_S = 10.0
_TIMEOUT_S = _WAIT_S + 10.0
#: A server that answers at once all the time is not asked all the time.
_PAUSE_S = 0.2


class ConfigPoll:
    """
    `rules` hold until others are there, whatever becomes of the server; a process that was forked goes on
    with those of its parent. `first` is done when the first try has ended.
    """

    def __init__(
        self,
        call: ControlCall,
        application: str,
        report: Callable[[UsageFlowError], None],
        rules: Rules = NO_RULES,
    ) -> None:
        self.rules = rules
        self.first: Future[None] = Future()
        self.first.set_running_or_notify_cancel()  # nobody who waits for it can cancel it for others
        self.cut = Cut()
        self.loop = Loop("usageflow config", self._step)
        self._call = call
        self._path = f"/config?application={quote(application, safe='')}"
        self._report = report
        self._circuit = Circuit(random.random)
        self._etag: str | None = None
        self._troubles: list[str] = []

    def stop(self) -> None:
        self.loop.stop()
        self.cut.cut()

    def _step(self) -> float:
        try:
            return self._poll()
        finally:
            if not self.first.done():
                self.first.set_result(None)

    def _poll(self) -> float:
        """How long to wait until the next one."""
        wait_s = 0 if self._etag is None else _WAIT_S
        timeout_s = _TIMEOUT_FIRST_S if self._etag is None else _TIMEOUT_S
        said = self._call.get(f"{self._path}&wait={wait_s}", timeout_s, self.cut, self._etag)
        if isinstance(said, Response):
            said = self._taken(said)
        if isinstance(said, Response):
            self._circuit.succeeded()
            return _PAUSE_S
        if not self.cut.is_cut:
            self._circuit.failed(time.monotonic(), getattr(said, "asked_s", 0.0))
            self._report(config_unknown(said))
        return self._circuit.wait_s(time.monotonic())

    def _taken(self, response: Response) -> Response | Unknown:
        if response.status != 200:
            return response  # what is known holds
        try:
            rules, troubles = read_rules(response.body, monotonic_ms())
        except ValueError as error:
            return Unknown("client.no_answer", f"The answer makes no sense: {error}.", 200)
        self.rules = rules
        self._etag = response.etag
        for trouble in troubles:
            if trouble not in self._troubles:  # once, and not with every change of what holds
                self._report(UsageFlowError("config", "agent.not_understood", trouble))
        self._troubles = troubles
        return response


def config_unknown(said: Unknown | Refused) -> UsageFlowError:
    reason = said.reason if isinstance(said, Unknown) else said.message
    message = f"What holds could not be asked: what was known before holds on. {reason}"
    return UsageFlowError("unavailable", said.code, message, status=getattr(said, "status", None))
