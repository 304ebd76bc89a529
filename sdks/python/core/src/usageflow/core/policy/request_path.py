"""How servers may read the path of a request."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from .percent import decoded
from .unicode_text import utf16_length


@dataclass(frozen=True)
class Reading:
    """
    One way in which a server may read a path: its segments, decoded, without the slashes. `/a/` and
    `/a` have the same segments. The path of `/` has none, and no slash behind them.
    """

    segments: tuple[str, ...]
    ends_in_slash: bool


#: Longer paths are not taken apart: every pattern covers them, and none exempts them.
_PATH_LENGTH_MAX = 8_192

#: What stands before a path in a whole address, also in one without an authority.
_ORIGIN = re.compile("[A-Za-z][A-Za-z0-9+.-]*:(?://[^/?#]*|(?=/))")
#: What servers read differently: escapes, what may end a path, backslashes, dots and empty segments.
_AMBIGUOUS = re.compile(r"[%;#\\]|/\.{0,2}/|/\.{1,2}\Z")
_PATH_END = re.compile("[;#]")
_SLASH = re.compile("/")
_ANY_SLASH = re.compile(r"[/\\]|%2[Ff]|%5[Cc]")
#: Escapes of what may stand in a path as it is. Nobody needs them, and some servers leave them.
_NEEDLESS = re.compile(
    "%(?:2[146-9a-e]|3[0-9abd]|4[0-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])", re.ASCII | re.IGNORECASE
)


def readings_of(target: str) -> list[Reading] | None:
    """
    Every way in which a server may read the target of a request, the plainest first: most have one.
    Servers differ in whether `;` and `#` end a path, whether `%2F` and `\\` part segments, whether
    needless escapes are undone, whether empty segments count, and whether `.` and `..` are followed. An
    application may be behind any of them, so we take all combinations. None for a path that is too long
    to be read.
    """
    path = _path_of(target)
    if utf16_length(path) > _PATH_LENGTH_MAX:
        return None
    if not _AMBIGUOUS.search(path):
        return [_reading_from(path.split("/")[1:])]
    return list(dict.fromkeys(_all_readings(path)))


def _all_readings(path: str) -> Iterator[Reading]:
    wholes = (path, _PATH_END.split(path, maxsplit=1)[0])
    for whole, slash, unescaped in product(wholes, (_SLASH, _ANY_SLASH), (decoded, _as_written)):
        segments = [unescaped(segment) for segment in slash.split(whole)[1:]]
        for parts in (segments, _without_empty(segments)):
            yield _reading_from(parts)
            yield _reading_from(_without_dots(parts))


def _path_of(target: str) -> str:
    """A target may be a whole address, as proxies get it; `?` ends the path for everybody."""
    if target == "*":
        return "/"
    origin = _ORIGIN.match(target)
    path = target[origin.end() if origin else 0 :].partition("?")[0]
    return path if path.startswith("/") else f"/{path}"


def _reading_from(parts: Sequence[str]) -> Reading:
    ends_empty = len(parts) > 0 and parts[-1] == ""
    return Reading(tuple(parts[:-1] if ends_empty else parts), ends_empty and len(parts) > 1)


def _without_empty(segments: list[str]) -> list[str]:
    """All but the last: an empty last segment is the slash behind the path."""
    return [segment for segment in segments[:-1] if segment] + segments[-1:]


def _without_dots(segments: list[str]) -> list[str]:
    """As RFC 3986 removes dot segments: a path that ends in one ends in a slash."""
    kept: list[str] = []
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    return [*kept, ""] if segments[-1:] in (["."], [".."]) else kept


def _as_written(segment: str) -> str:
    return segment if _NEEDLESS.search(segment) else decoded(segment)
