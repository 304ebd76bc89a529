"""What a call of a language model used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..client.errors import invalid

_TOKENS_MAX = 10**12  # what adds up stays exact in a double
_INPUT = ("prompt_tokens", "input_tokens")
_OUTPUT = ("completion_tokens", "output_tokens")


@dataclass(frozen=True)
class Source:
    """Of which answer usage is told. `created_at` is in seconds since 1970."""

    response_id: str | None = None
    created_at: int | None = None
    model: str | None = None


@dataclass(frozen=True)
class LlmUsage:
    """
    What a call used. Input, cache and output are apart, so that each can have its price: together they are
    `total_tokens`. `input_tokens` neither came from a cache nor were put into one; `output_tokens` are all,
    with the `reasoning_tokens`, which are 0 where an answer does not say. `is_complete` is False for a stream
    that ended early: it used at least this. `created_at` is in seconds since 1970.
    """

    input_tokens: int
    cache_read_tokens: int
    cache_creation_tokens: int
    output_tokens: int
    reasoning_tokens: int
    is_complete: bool = True
    response_id: str | None = None
    created_at: int | None = None
    model: str | None = None

    @property
    def total_tokens(self) -> int:
        cached = self.cache_read_tokens + self.cache_creation_tokens
        return self.input_tokens + cached + self.output_tokens


@dataclass(frozen=True)
class TokenCounts:
    """
    As an answer counts. `input` is with what OpenAI counts as cached, and without what Anthropic does.
    Cumulative where it is streamed: of two the larger holds.
    """

    input: int
    cached_input: int
    cache_read: int
    cache_creation: int
    output: int
    reasoning: int


def llm_usage(answer: object) -> LlmUsage:
    """
    Usage in a whole answer: of OpenAI's chat completions, responses and embeddings, of Anthropic's messages,
    and of what answers like them; as a dict, or as the object that their packages make of it. Raises an
    `invalid` error for an answer without.
    """
    fields = fields_of(answer)
    counts = counts_in(fields.get("usage"))
    if counts is None:
        raise invalid("usage", "is not in the answer")
    return usage_of(counts, source_of(fields), is_complete=True)


def counts_in(usage: object) -> TokenCounts | None:
    """None where there is no usage. Raises an `invalid` error for counts that are none."""
    fields = fields_of(usage)
    if all(fields.get(name) is None for name in (*_INPUT, *_OUTPUT)):
        return None
    return TokenCounts(
        input=_count(fields, _INPUT),
        cached_input=_count(_details_of(fields, _INPUT), ("cached_tokens",)),
        cache_read=_count(fields, ("cache_read_input_tokens",)),
        cache_creation=_count(fields, ("cache_creation_input_tokens",)),
        output=_count(fields, _OUTPUT),
        reasoning=_count(_details_of(fields, _OUTPUT), ("reasoning_tokens",)),
    )


def usage_of(counts: TokenCounts, source: Source, *, is_complete: bool) -> LlmUsage:
    if counts.cached_input > counts.input:
        raise invalid("usage", "must have no more cached tokens than tokens of input")
    return LlmUsage(
        input_tokens=counts.input - counts.cached_input,
        cache_read_tokens=counts.cached_input + counts.cache_read,
        cache_creation_tokens=counts.cache_creation,
        output_tokens=counts.output,
        reasoning_tokens=counts.reasoning,
        is_complete=is_complete,
        response_id=source.response_id,
        created_at=source.created_at,
        model=source.model,
    )


def source_of(fields: Mapping[str, Any]) -> Source:
    """Of an answer, or of a chunk of one."""
    created_at = _first(fields, ("created", "created_at"))
    return Source(
        response_id=_text(fields.get("id")),
        created_at=int(created_at) if _is_count(created_at) else None,
        model=_text(fields.get("model")),
    )


def fields_of(value: object) -> Mapping[str, Any]:
    """None for what has no fields. The objects of packages for these APIs can say theirs."""
    if isinstance(value, Mapping):
        return value
    for name in ("to_dict", "model_dump"):
        method = getattr(value, name, None)
        if callable(method) and not isinstance(value, type):
            said = method()
            return said if isinstance(said, Mapping) else {}
    return {}


def is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value != "" else None


def _details_of(fields: Mapping[str, Any], names: Sequence[str]) -> Mapping[str, Any]:
    return fields_of(_first(fields, [f"{name}_details" for name in names]))


def _count(fields: Mapping[str, Any], names: Sequence[str]) -> int:
    """0 where none of the names is given."""
    for name in names:
        value = fields.get(name)
        if value is None:
            continue
        if _is_count(value):
            return int(value)
        raise invalid(f"usage.{name}", "must be a whole number, not negative")
    return 0


def _is_count(value: object) -> bool:
    if isinstance(value, float):
        return value.is_integer() and 0 <= value < _TOKENS_MAX
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _TOKENS_MAX


def _first(fields: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((fields[name] for name in names if fields.get(name) is not None), None)
