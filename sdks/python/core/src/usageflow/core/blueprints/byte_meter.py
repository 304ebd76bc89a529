"""Storage and bandwidth."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Generator, Iterable
from typing import Any, TypeVar

from ..client.errors import invalid
from ..client.usage_flow import UsageFlow
from .pass_through import pass_through, pass_through_async
from .quantities import ByteUnit, byte_amount, gigabyte_hours
from .tracking import EventDetails, event_of, track_made

T = TypeVar("T")


def byte_event(details: EventDetails, number_of_bytes: int, unit: ByteUnit) -> dict[str, Any]:
    """The event of bytes that are held or have passed."""
    return event_of(details, byte_amount(number_of_bytes, unit))


def storage_time_event(details: EventDetails, number_of_bytes: int, ms: int) -> dict[str, Any]:
    """The event of bytes held for a time, in GB-hours."""
    return event_of(details, gigabyte_hours(number_of_bytes, ms))


def track_storage(
    client: UsageFlow, details: EventDetails, number_of_bytes: int, *, unit: ByteUnit = "GB"
) -> None:
    """Tracks how much a customer holds now: for meters of the last, the highest or the average value."""
    track_made(client, lambda: byte_event(details, number_of_bytes, unit))


def track_storage_time(
    client: UsageFlow, details: EventDetails, number_of_bytes: int, *, ms: int
) -> None:
    """Tracks GB-hours: for meters that sum."""
    track_made(client, lambda: storage_time_event(details, number_of_bytes, ms))


def track_bytes(
    client: UsageFlow, details: EventDetails, stream: Iterable[T], *, unit: ByteUnit = "GB"
) -> Generator[T, None, None]:
    """
    Passes bytes or text on as they come, and tracks how many bytes when the stream ends: also when it fails or
    is left early, then those that passed. Nothing that passed is no event.
    """
    meter = ByteMeter(client, details, unit=unit)
    return pass_through(stream, meter.see, meter.end)


def track_bytes_async(
    client: UsageFlow, details: EventDetails, stream: AsyncIterable[T], *, unit: ByteUnit = "GB"
) -> AsyncGenerator[T, None]:
    """The same for what is iterated by `async for`. Who leaves early closes it, by `aclose`."""
    meter = ByteMeter(client, details, unit=unit)
    return pass_through_async(stream, meter.see, meter.end)


class ByteMeter:
    """Tracks bytes that are told to it. Never raises."""

    def __init__(self, client: UsageFlow, details: EventDetails, *, unit: ByteUnit = "GB") -> None:
        self._client = client
        self._details = details
        self._unit = unit
        self._bytes = 0
        self._is_readable = True
        self._has_ended = False

    def add(self, number_of_bytes: int) -> None:
        try:
            self._bytes += int(byte_amount(number_of_bytes, "byte"))
        except Exception:
            self._is_readable = False

    def see(self, piece: object) -> None:
        """Adds the bytes of a piece; text is counted as UTF-8."""
        if isinstance(piece, str):
            self._bytes += len(piece.encode("utf-8", "replace"))
        elif isinstance(piece, (bytes, bytearray)):
            self._bytes += len(piece)
        elif isinstance(piece, memoryview):
            self._bytes += piece.nbytes
        else:
            self._is_readable = False

    def end(self) -> None:
        """Tracks what was added until now; once."""
        if self._has_ended:
            return
        self._has_ended = True
        track_made(self._client, self._event)

    def _event(self) -> dict[str, Any] | None:
        if not self._is_readable:
            raise invalid("stream", "must be of bytes or text")
        return byte_event(self._details, self._bytes, self._unit) if self._bytes > 0 else None
