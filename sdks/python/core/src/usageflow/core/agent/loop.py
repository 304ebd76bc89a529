"""A thread that does the same again and again."""

from __future__ import annotations

import threading
from collections import deque
from queue import Empty, SimpleQueue
from typing import Callable

_AFTER_TROUBLE_S = 1.0


class Loop:
    """
    Runs `step`, waits for as many seconds as it says or until somebody wakes it, and runs it again. Begun by
    `start`, not before: a process that only imports us has no threads of ours.
    """

    def __init__(self, name: str, step: Callable[[], float]) -> None:
        self._step = step
        self._wakes: SimpleQueue[None] = SimpleQueue()
        self._is_stopped = False
        self._unstarted = deque([threading.Thread(target=self._run, name=name, daemon=True)])

    def start(self) -> None:
        """The same however often it is called, and from however many threads."""
        if not self._unstarted:
            return
        try:
            thread = self._unstarted.pop()
        except IndexError:
            return
        try:
            thread.start()
        except RuntimeError:  # there can be no more threads: tried again the next time
            self._unstarted.append(thread)

    def wake(self) -> None:
        self._wakes.put(None)

    def stop(self) -> None:
        self._is_stopped = True
        self.wake()

    def _run(self) -> None:
        while not self._is_stopped:
            try:
                wait_s = self._step()
            except Exception:  # a mistake of ours, or no memory: the next try may do
                wait_s = _AFTER_TROUBLE_S
            try:
                self._wakes.get(timeout=wait_s)
                while True:
                    self._wakes.get_nowait()
            except Empty:
                pass
