"""The usage of one answer, read while it comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple
from typing import Any

from ..client.errors import invalid
from .llm_usage import (
    LlmUsage,
    Source,
    TokenCounts,
    counts_in,
    fields_of,
    is_text,
    source_of,
    usage_of,
)
from .sse_reader import SseReader

_LAST_OF_RESPONSE = ("response.completed", "response.incomplete", "response.failed")


class LlmStreamReader:
    def __init__(self) -> None:
        self._sse = SseReader()
        self._counts: TokenCounts | None = None
        self._source = Source()
        self._is_finished = False
        self._is_complete = False

    def push(self, chunk: object) -> None:
        """
        Takes bytes or text of server-sent events, cut anywhere, or an event as clients of the APIs give it.
        Raises an `invalid` error for counts that are none.
        """
        if isinstance(chunk, (str, bytes, bytearray, memoryview)):
            for event in self._sse.push(chunk):
                self._take(fields_of(event))
        else:
            self._take(fields_of(chunk))

    def usage(self) -> LlmUsage:
        """What was used as far as it was told. Raises an `invalid` error when nothing was."""
        for event in self._sse.end():
            self._take(fields_of(event))
        if self._counts is None:
            raise invalid(
                "usage",
                "was not in the stream: ask for it by stream_options.include_usage; "
                "it comes last, and not to who leaves early",
            )
        return usage_of(self._counts, self._source, is_complete=self._is_complete)

    def _take(self, event: Mapping[str, Any]) -> None:
        kind = event.get("type")
        if kind == "message_start":
            self._see(fields_of(event.get("message")))
        elif kind == "message_delta":
            self._see({"usage": event.get("usage")})
            self._end(is_text(fields_of(event.get("delta")).get("stop_reason")))
        elif isinstance(kind, str) and kind.startswith("response."):
            self._see(fields_of(event.get("response")))
            self._end(kind in _LAST_OF_RESPONSE)
        elif kind is None:
            self._take_completion(event)

    def _take_completion(self, chunk: Mapping[str, Any]) -> None:
        """A chunk of a chat completion: usage comes with the reason to stop, or behind it."""
        choices = chunk.get("choices")
        for choice in choices if isinstance(choices, (list, tuple)) else ():
            if is_text(fields_of(choice).get("finish_reason")):
                self._is_finished = True
        is_told = self._see(chunk)
        self._end(is_told and self._is_finished)

    def _see(self, answer: Mapping[str, Any]) -> bool:
        known, told = self._source, source_of(answer)
        self._source = Source(
            known.response_id if known.response_id is not None else told.response_id,
            known.created_at if known.created_at is not None else told.created_at,
            known.model if known.model is not None else told.model,
        )
        counts = counts_in(answer.get("usage"))
        if counts is not None:
            self._counts = _larger(self._counts, counts)
        return counts is not None

    def _end(self, is_last: bool) -> None:
        if is_last and self._counts is not None:
            self._is_complete = True


def _larger(known: TokenCounts | None, told: TokenCounts) -> TokenCounts:
    """Counts of a stream only ever grow; what a later event leaves out is known from an earlier one."""
    return told if known is None else TokenCounts(*map(max, astuple(known), astuple(told)))
