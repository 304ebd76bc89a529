"""Work that may have to wait, for hosts with threads and for hosts with a loop."""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import Generator
from concurrent.futures import Future
from typing import Any, NamedTuple, TypeVar, cast

from .clock import monotonic_ms

T = TypeVar("T")


class Wait(NamedTuple):
    """For this, but no longer than until `until_ms`."""

    future: Future[Any]
    until_ms: int

    @property
    def left_s(self) -> float:
        return max(0, self.until_ms - monotonic_ms()) / 1_000


#: Goes on after each wait, whether it was over in time or not.
Steps = Generator[Wait, None, T]


def drive(steps: Steps[T]) -> T:
    """Holds the thread that calls it while it waits."""
    try:
        while True:
            wait = next(steps)
            concurrent.futures.wait([wait.future], wait.left_s)
    except StopIteration as end:
        return cast(T, end.value)
    finally:
        steps.close()  # who is given up keeps nothing, and not until some collection of garbage


async def drive_in_loop(steps: Steps[T]) -> T:
    """Lets others go on while it waits. A loop that is not asyncio's is not waited in."""
    try:
        while True:
            wait = next(steps)
            try:
                loop = asyncio.get_running_loop()
            except RuntimeError:
                continue
            # What is cancelled is the one who waits, not what all wait for.
            await asyncio.wait([asyncio.wrap_future(wait.future, loop=loop)], timeout=wait.left_s)
    except StopIteration as end:
        return cast(T, end.value)
    finally:
        steps.close()
