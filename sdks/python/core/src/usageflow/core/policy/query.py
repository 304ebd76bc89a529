"""Queries as forms write them."""

from __future__ import annotations

from .percent import strictly_decoded


def query_pairs(query: str) -> list[tuple[str, str]]:
    """The parameters in their order. What is not decodable is empty."""
    pairs = (pair.partition("=") for pair in query.removeprefix("?").split("&") if pair)
    return [(_form_decoded(name), _form_decoded(value)) for name, _, value in pairs]


def query_names(query: str) -> list[str]:
    """What is told of a query: which parameters it has, each once."""
    return [name for name in dict.fromkeys(name for name, _ in query_pairs(query)) if name]


def _form_decoded(text: str) -> str:
    try:
        return strictly_decoded(text.replace("+", " "))
    except ValueError:
        return ""
