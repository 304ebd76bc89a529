"""Calls of language models."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Generator, Iterable
from typing import Any, TypeVar

from ..client.errors import UsageFlowError
from ..client.event import is_key
from ..client.usage_flow import UsageFlow
from .llm_stream import LlmStreamReader
from .llm_usage import LlmUsage, llm_usage
from .pass_through import pass_through, pass_through_async
from .tracking import EventDetails, event_of, name_of, track_made, unreadable

T = TypeVar("T")


def llm_event(details: EventDetails, usage: LlmUsage) -> dict[str, Any]:
    """The event of a call: all its tokens as the amount, each kind in the metadata, once by the id of the answer."""
    metadata: dict[str, Any] = {
        "inputTokens": usage.input_tokens,
        "cacheReadTokens": usage.cache_read_tokens,
        "cacheCreationTokens": usage.cache_creation_tokens,
        "outputTokens": usage.output_tokens,
        "reasoningTokens": usage.reasoning_tokens,
    }
    if usage.model is not None:
        metadata["model"] = usage.model
    if not usage.is_complete:
        metadata["isComplete"] = False
    return event_of(details, str(usage.total_tokens), metadata, _key_of(name_of(details), usage))


def _key_of(name: str, usage: LlmUsage) -> str | None:
    """Servers that number their answers from a few begin again: the second in which it was made tells them apart."""
    if usage.response_id is None:
        return None
    key = f"{name}:{usage.response_id}"
    if usage.created_at is not None:
        key += f":{usage.created_at}"
    return key if is_key(key) else None


def track_llm(client: UsageFlow, details: EventDetails, answer: object) -> LlmUsage | None:
    """
    Tracks the usage of a whole answer, and returns it. Never raises: an answer without usage counts as refused,
    is told to `on_error`, and returns None.
    """
    found: list[LlmUsage] = []

    def make() -> dict[str, Any]:
        found.append(llm_usage(answer))
        return llm_event(details, found[0])

    track_made(client, make)
    return found[0] if found else None


def track_llm_stream(
    client: UsageFlow, details: EventDetails, stream: Iterable[T]
) -> Generator[T, None, None]:
    """
    Passes an answer on as it comes, events of a client or bytes of server-sent events, and tracks its usage
    when it ends: also when it fails or is left early, then what was told until there.
    """
    meter = LlmMeter(client, details)
    return pass_through(stream, meter.push, meter.end)


def track_llm_stream_async(
    client: UsageFlow, details: EventDetails, stream: AsyncIterable[T]
) -> AsyncGenerator[T, None]:
    """The same for what is iterated by `async for`. Who leaves early closes it, by `aclose`."""
    meter = LlmMeter(client, details)
    return pass_through_async(stream, meter.push, meter.end)


class LlmMeter:
    """Tracks the usage of one answer that is given to it in pieces. Never raises."""

    def __init__(self, client: UsageFlow, details: EventDetails) -> None:
        self._client = client
        self._details = details
        self._reader = LlmStreamReader()
        self._failure: UsageFlowError | None = None
        self._has_ended = False

    def push(self, chunk: object) -> None:
        """An event, or bytes or text of server-sent events, cut anywhere."""
        try:
            self._reader.push(chunk)
        except Exception as error:
            self._failure = self._failure or unreadable(error)

    def end(self) -> None:
        """Tracks what was told until now; once."""
        if self._has_ended:
            return
        self._has_ended = True
        track_made(self._client, self._event)

    def _event(self) -> dict[str, Any]:
        if self._failure is not None:
            raise self._failure
        return llm_event(self._details, self._reader.usage())
