"""Streams that somebody watches: the same pieces in the same order, and the same end."""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator, AsyncIterable, Generator, Iterable
from typing import Callable, TypeVar

from ..client.errors import invalid

T = TypeVar("T")


def pass_through(
    stream: Iterable[T], see: Callable[[T], None], end: Callable[[], None]
) -> Generator[T, None, None]:
    """
    `see` gets each piece before the host does; `end` comes whatever the end: all of it, a failure, or a host
    that wants no more, which closes the source. Neither may raise. Raises an `invalid` error for what cannot
    be iterated.
    """
    if not hasattr(stream, "__iter__"):
        raise invalid("stream", "must be an iterable, like the body of an answer")
    return _passed(stream, see, end)


def pass_through_async(
    stream: AsyncIterable[T], see: Callable[[T], None], end: Callable[[], None]
) -> AsyncGenerator[T, None]:
    """The same for what is iterated by `async for`."""
    if not hasattr(stream, "__aiter__"):
        raise invalid("stream", "must be an async iterable, like the body of an answer")
    return _passed_async(stream, see, end)


def _passed(
    stream: Iterable[T], see: Callable[[T], None], end: Callable[[], None]
) -> Generator[T, None, None]:
    try:
        for piece in stream:
            see(piece)
            yield piece
    except GeneratorExit:
        close = getattr(stream, "close", None)
        if callable(close):
            close()
        raise
    finally:
        end()


async def _passed_async(
    stream: AsyncIterable[T], see: Callable[[T], None], end: Callable[[], None]
) -> AsyncGenerator[T, None]:
    try:
        async for piece in stream:
            see(piece)
            yield piece
    except GeneratorExit:
        close = getattr(stream, "aclose", None) or getattr(stream, "close", None)
        closing = close() if callable(close) else None
        if inspect.isawaitable(closing):
            await closing
        raise
    finally:
        end()
