"""What happens to the process that is the host: it forks, and it ends."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import sys
import time
import weakref
from typing import Callable, Protocol

_EXIT_S_MAX = 2.0


class Hosted(Protocol):
    def begin_in_child(self) -> None:
        """In a process that was forked: what waits is the parent's, and so is its thread."""

    def begin_exit(self, end_s: float) -> Callable[[], None]:
        """Begins to send what waits. Returns what waits for it."""


_joined_pid = 0
_hosted: weakref.WeakSet[Hosted] = weakref.WeakSet()


def join_host(client: Hosted) -> None:
    _hosted.add(client)
    # Again and again: a process that was forked may have forgotten what its parent registered.
    atexit.unregister(_at_exit)
    atexit.register(_at_exit)
    _join_worker_of_multiprocessing()


def _join_worker_of_multiprocessing() -> None:
    """Its processes end without the interpreter's farewell, and have one of their own."""
    global _joined_pid
    util = sys.modules.get("multiprocessing.util")
    if util is None or _joined_pid == os.getpid() or multiprocessing.parent_process() is None:
        return
    _joined_pid = os.getpid()
    util.Finalize(None, _at_exit, exitpriority=0)


def _at_exit() -> None:
    end_s = time.monotonic() + _EXIT_S_MAX
    for end in [client.begin_exit(end_s) for client in list(_hosted)]:
        end()


def _after_fork_in_child() -> None:
    for client in list(_hosted):
        client.begin_in_child()


if hasattr(os, "register_at_fork"):  # there is no fork on Windows
    os.register_at_fork(after_in_child=_after_fork_in_child)
