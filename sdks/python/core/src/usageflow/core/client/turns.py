"""One at a time, whoever comes."""

from __future__ import annotations

import threading
from collections import deque
from typing import Callable


class Turns:
    """
    Other threads wait for their turn. What interrupts the very thread whose turn it is, like the handler
    of a signal or a finalizer, cannot: its work is done right after.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._is_taken = False
        self._waiting: deque[Callable[[], None]] = deque()

    def take(self, work: Callable[[], None]) -> None:
        with self._lock:
            self._waiting.append(work)
            # The outer loop is for what interrupts after the inner one has ended.
            while self._waiting and not self._is_taken:
                try:
                    self._is_taken = True
                    while self._waiting:
                        self._waiting.popleft()()
                finally:
                    self._is_taken = False
