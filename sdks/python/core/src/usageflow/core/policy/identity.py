"""Who is asking."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Callable, Literal, Union

from .network import network_of
from .query import query_pairs
from .unicode_text import CONTROLS, is_whole, trimmed, utf16_length

#: A header that came several times is a list.
Headers = Mapping[str, Union[str, Sequence[str]]]


@dataclass(frozen=True)
class IdentitySource:
    """
    Where in a request the customer's name stands, and the name of the header, parameter, cookie or
    field; `user.id` is a field of a field.
    """

    place: Literal["header", "query", "body", "path", "cookie", "claim"]
    name: str


@dataclass(frozen=True)
class RequestParts:
    """
    What an SDK knows of a request. Of what a strategy does not ask for it need not know anything.

    Names of `headers` are in lower case; `query` is as it came, with or without `?`; `body` is parsed,
    if it was JSON; `params` are of the route that covers the request; `claims` of a token whose
    signature, issuer and times have been checked: here they are believed; `client_address` is as the
    framework knows it behind its trusted proxies.
    """

    headers: Headers = field(default_factory=dict)
    query: str = ""
    body: object = None
    params: Mapping[str, str] = field(default_factory=dict)
    claims: object = None
    client_address: str = ""


@dataclass(frozen=True)
class Identity:
    """Nobody known is told apart by network, and all without an address are one."""

    kind: Literal["customer", "network"]
    id: str

    @property
    def key(self) -> str:
        """One text under which to keep its state: no customer can be called like a network."""
        return f"{self.kind}:{self.id}"


_ID_LENGTH_MAX = 255  # of a customerId, in UTF-16 units, as the API counts
_SAFE_INTEGER_MAX = 2**53 - 1  # beyond it not every sender means what it writes
_CONTROL = re.compile(f"[{CONTROLS}]")
_ABSENT = object()


def identify(strategy: Sequence[IdentitySource], parts: RequestParts) -> Identity:
    """The first source with a usable name decides, in their order; else the network of the client."""
    for source in strategy:
        customer_id = _usable(_READERS[source.place](source.name, parts))
        if customer_id is not None:
            return Identity("customer", customer_id)
    return Identity("network", network_of(parts.client_address))


def _usable(value: object) -> str | None:
    """
    What counts as absent: nothing, blanks, more than 255 characters, control characters, and whatever
    is neither a text nor a whole number. Anything else is taken to the letter.
    """
    text = _whole_number_text(value) if isinstance(value, (int, float)) else value
    if not isinstance(text, str) or text.strip(" ") == "" or utf16_length(text) > _ID_LENGTH_MAX:
        return None
    return text if is_whole(text) and not _CONTROL.search(text) else None


def _whole_number_text(value: int | float) -> str | None:
    """`1.0` is 1, as it is in JSON; True is no number."""
    if isinstance(value, bool) or not abs(value) <= _SAFE_INTEGER_MAX or value != int(value):
        return None
    return str(int(value))


def _only_of(values: object) -> object:
    """Servers disagree about which of several counts, so none does: else a caller might choose who pays."""
    if not isinstance(values, (list, tuple)):
        return values
    return values[0] if values and all(value == values[0] for value in values) else _ABSENT


def _header(name: str, parts: RequestParts) -> object:
    return _only_of(_own(parts.headers, name.lower()))


def _query(name: str, parts: RequestParts) -> object:
    return _only_of([value for key, value in query_pairs(parts.query) if key == name])


def _cookie(name: str, parts: RequestParts) -> object:
    given = _own(parts.headers, "cookie")
    lines = given if isinstance(given, (list, tuple)) else [given]
    pairs = [
        pair.partition("=") for line in lines if isinstance(line, str) for pair in line.split(";")
    ]
    return _only_of([_unquoted(trimmed(value)) for key, _, value in pairs if trimmed(key) == name])


def _unquoted(value: str) -> str:
    is_quoted = len(value) >= 2 and value[0] == '"' and value[-1] == '"'
    return value[1:-1] if is_quoted else value


def _field_of(holder: object, name: str) -> object:
    """The field of exactly this name, as claims have names with dots in them; else step by step."""
    whole = _own(holder, name)
    if whole is not _ABSENT or "." not in name:
        return whole
    for step in name.split("."):
        holder = _own(holder, step)
    return holder


def _own(holder: object, name: str) -> object:
    """Of an object of JSON: never an attribute, nor an element of a list."""
    return holder[name] if isinstance(holder, Mapping) and name in holder else _ABSENT


_READERS: Mapping[str, Callable[[str, RequestParts], object]] = {
    "header": _header,
    "query": _query,
    "body": lambda name, parts: _field_of(parts.body, name),
    "path": lambda name, parts: _own(parts.params, name),
    "cookie": _cookie,
    "claim": lambda name, parts: _field_of(parts.claims, name),
}
