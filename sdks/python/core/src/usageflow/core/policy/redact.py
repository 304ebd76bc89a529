"""What of a request may leave the process of the host."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from .number_text import number_text, significant_digits
from .secrets import holds_secret, is_secret_name
from .unicode_text import is_whole, utf16_length

_Why = Literal["secret", "too_long", "too_many", "too_deep", "unfit"]


@dataclass(frozen=True)
class Omission:
    """Where something was left out, and why. A name that holds a secret is not told."""

    path: str
    why: _Why


@dataclass(frozen=True)
class Redacted:
    """`metadata` may leave the process. It keeps to the limits of the API: no event is refused for it."""

    metadata: dict[str, object]
    omitted: tuple[Omission, ...]


_ENTRIES_MAX = 50
_LEVELS_MAX = 3
_KEY_LENGTH_MAX = 100
_VALUE_LENGTH_MAX = 2_048
_DIGITS_MAX = 15  # the API takes no number of more for exact
_INTEGER_BITS_MAX = 1_024  # beyond it JSON has no number for it

#: What is told of every request without a rule. Headers, bodies and values of parameters are not.
COLLECTED_FIELDS = (
    "method",
    "route",
    "status",
    "durationMs",
    "requestBytes",
    "responseBytes",
    "clientAddress",
    "userAgent",
    "queryNames",
)


def redact(fields: object, allowed: Sequence[str] | None) -> Redacted:
    """
    Takes from fields of a request what may be sent: the allowed ones, or all with None, which is for
    metadata that the host has put together itself. Secrets go whatever is allowed, by name and by shape;
    so does what the API would refuse. Nothing is shortened: half a value is another value, and may hide
    half a secret.
    """
    walk = _Walk()
    holder = fields if isinstance(fields, Mapping) else {}
    chosen = (
        _members_of(holder)
        if allowed is None
        else ((name, holder[name]) for name in allowed if name in holder)
    )
    metadata = dict(_kept_members(walk, chosen, "", 1))
    return Redacted(metadata, tuple(walk.omitted))


@dataclass
class _Walk:
    entries_left: int = _ENTRIES_MAX
    omitted: list[Omission] = field(default_factory=list)


def _members_of(
    holder: Mapping[object, object] | Sequence[object],
) -> Iterator[tuple[object, object]]:
    """One by one: a host must not wait for what is beyond the last that is kept."""
    if isinstance(holder, Mapping):
        for name in holder:
            yield name, holder[name]
    else:
        for at, value in enumerate(holder):
            yield str(at), value


def _kept_members(
    walk: _Walk, members: Iterable[tuple[object, object]], path: str, level: int
) -> Iterator[tuple[str, object]]:
    """All members count, those of members too. The first one too many ends its holder."""
    for name, value in members:
        place = path + _told(name)
        if walk.entries_left == 0:
            walk.omitted.append(Omission(place, "too_many"))
            return
        why = _objection(name, value, level)
        if why is not None:
            walk.omitted.append(Omission(place, why))
        elif isinstance(name, str):
            walk.entries_left -= 1
            yield name, _kept_value(walk, value, f"{place}.", level + 1)


def _kept_value(walk: _Walk, value: object, path: str, level: int) -> object:
    if isinstance(value, Mapping):
        return dict(_kept_members(walk, _members_of(value), path, level))
    if isinstance(value, (list, tuple)):
        return [element for _, element in _kept_members(walk, _members_of(value), path, level)]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return number_text(value) if significant_digits(value) > _DIGITS_MAX else value
    return value


def _objection(name: object, value: object, level: int) -> _Why | None:
    if not isinstance(name, str):
        return "unfit"
    if utf16_length(name) > _KEY_LENGTH_MAX:
        return "too_long"
    if not _is_text(name) or name == "":
        return "unfit"
    if holds_secret(name):
        return "secret"
    if value is None or isinstance(value, bool):
        return None  # nothing to open a door with
    return "secret" if is_secret_name(name) else _objection_to_value(value, level)


def _objection_to_value(value: object, level: int) -> _Why | None:
    if isinstance(value, str):
        return _objection_to_text(value)
    if isinstance(value, int):
        return None if value.bit_length() <= _INTEGER_BITS_MAX else "unfit"
    if isinstance(value, float):
        return None if math.isfinite(value) else "unfit"
    if not isinstance(value, (Mapping, list, tuple)):
        return "unfit"
    return None if level < _LEVELS_MAX else "too_deep"


def _objection_to_text(text: str) -> _Why | None:
    if utf16_length(text) > _VALUE_LENGTH_MAX:
        return "too_long"
    if not _is_text(text):
        return "unfit"
    return "secret" if holds_secret(text) else None


def _is_text(text: str) -> bool:
    """What PostgreSQL can hold."""
    return is_whole(text) and "\0" not in text


def _told(name: object) -> str:
    if not isinstance(name, str) or utf16_length(name) > _KEY_LENGTH_MAX or holds_secret(name):
        return "…"
    return name
