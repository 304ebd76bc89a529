"""What metering rules read of a request and its answer."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Literal, NoReturn, Union

from .query import query_pairs
from .redact import redact
from .secrets import is_secret_name

#: What was found of a list of captures, by their pointers. What is absent is not in it.
Captured = dict[str, Union[str, int, float, bool]]

#: Names in lower case. A header that came several times is a list.
Headers = Mapping[str, Union[str, Sequence[str]]]


@dataclass(frozen=True)
class CapturedRequest:
    """`route` is the template of the framework, None where it has none; `body` if the host has parsed it."""

    method: str
    route: str | None = None
    headers: Headers = field(default_factory=dict)
    query: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    body: object = None
    bytes: int = 0


@dataclass(frozen=True)
class CapturedResponse:
    status: int
    headers: Headers = field(default_factory=dict)
    bytes: int = 0
    duration_ms: float = 0


def capture(
    pointers: Sequence[str],
    request: CapturedRequest,
    response: CapturedResponse,
    metadata: object = None,
) -> Captured:
    """
    What the JSON pointers of metering rules find in a request and its answer. Absent are: objects, lists
    and None, headers and parameters that came several times, secrets, and whatever the API would refuse.
    A body that the host has not parsed is read by a `BodyReader`.
    """
    if not pointers:
        return {}
    holder = {
        "request": {
            **{"method": request.method, "route": request.route, "bytes": request.bytes},
            "headers": _once_each(request.headers.items()),
            "query": _once_each(query_pairs(request.query)),
            "params": request.params,
            "body": request.body,
        },
        "response": {
            **{"status": response.status, "bytes": response.bytes},
            "headers": _once_each(response.headers.items()),
            "durationMs": response.duration_ms,
        },
        "metadata": metadata,
    }
    return _found(pointers, "", holder)


_Kind = Literal["document", "events", "lines"]


def open_body(
    pointers: Sequence[str],
    side: Literal["request", "response"],
    content_type: str,
    content_encoding: str = "",
) -> BodyReader | None:
    """None if no pointer leads into the body, or if it is of a kind that is not read: spare yourself the bytes."""
    prefix = f"/{side}/body"
    inside = [each for each in pointers if each == prefix or each.startswith(f"{prefix}/")]
    kind = _kind_of(content_type, content_encoding)
    return BodyReader(kind, prefix, inside) if inside and kind else None


#: Of a whole document, or of one event or line of a stream, which may go on for ever.
_PIECE_BYTES_MAX = 1024 * 1024

_LINE_FEED = re.compile(b"\n")
#: What has no end of a line in it, or one byte of one.
_LINE_PART = re.compile(b"[^\r\n]+|[\r\n]")


class BodyReader:
    """
    Finds captures in a body, chunk by chunk, wherever its chunks end. Keeps one piece of it at most: the
    document, or an event or line. Of a stream the last piece counts that has something at the pointer.
    """

    def __init__(self, kind: _Kind, prefix: str, pointers: Sequence[str]) -> None:
        self._kind = kind
        self._prefix = prefix
        self._pointers = pointers
        self._piece = _Piece()
        self._blank_lines = _BlankLines()
        self._captured: Captured = {}

    def push(self, chunk: bytes) -> None:
        start = 0
        for end in self._ends(chunk):
            self._piece.add(chunk[start:end])
            self._read()
            start = end
        self._piece.add(chunk[start:])

    def end(self) -> Captured:
        """What was found. A last piece without its end is read as it is."""
        self._read()
        return self._captured

    def _ends(self, chunk: bytes) -> Iterable[int]:
        """Behind each piece that ends in this chunk. A document has no ends to look for."""
        if self._kind == "document":
            return ()
        if self._kind == "lines":
            return (found.end() for found in _LINE_FEED.finditer(chunk))
        return (
            found.end()
            for found in _LINE_PART.finditer(chunk)
            if self._blank_lines.ends_with(found.group())
        )

    def _read(self) -> None:
        text = self._piece.take()
        if text is None:
            return
        try:
            data = _data_of(text) if self._kind == "events" else text
            value = json.loads(data, parse_constant=_refused)
        except (ValueError, RecursionError):
            return  # no JSON, like the `[DONE]` at the end of many streams: it has nothing at any pointer
        self._captured.update(_found(self._pointers, self._prefix, value))


class _Piece:
    """Bytes up to a limit. Beyond it they are forgotten, and there is nothing to take."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []
        self._bytes = 0

    def add(self, chunk: bytes) -> None:
        self._bytes += len(chunk)
        if self._bytes > _PIECE_BYTES_MAX:
            self._chunks = []
        else:
            self._chunks.append(bytes(chunk))

    def take(self) -> str | None:
        """The text, and begins anew. None for what is too long or no UTF-8."""
        whole, is_too_long = b"".join(self._chunks), self._bytes > _PIECE_BYTES_MAX
        self._chunks, self._bytes = [], 0
        try:
            return None if is_too_long else whole.decode("utf-8-sig")
        except UnicodeDecodeError:
            return None


class _BlankLines:
    """Where an event of a stream ends: at a line without anything. Lines end in LF, CR or both."""

    def __init__(self) -> None:
        self._is_line_empty = True
        self._was_return = False

    def ends_with(self, part: bytes) -> bool:
        """Whether this part, the next of the stream, ends an empty line."""
        is_second_half = self._was_return and part == b"\n"
        self._was_return = part == b"\r"
        if is_second_half:
            return False
        ends_line = part in (b"\n", b"\r")
        is_blank = ends_line and self._is_line_empty
        self._is_line_empty = ends_line
        return is_blank


_DATA = re.compile("data(?:: ?(.*))?", re.DOTALL)


def _data_of(event: str) -> str:
    """What an event says: its lines of data, without the one blank that may stand before each."""
    lines = (_DATA.fullmatch(line) for line in re.split("\r\n|\r|\n", event))
    return "\n".join(line.group(1) or "" for line in lines if line)


def _kind_of(content_type: str, content_encoding: str) -> _Kind | None:
    if content_encoding.strip().lower() not in ("", "identity"):
        return None
    essence = content_type.partition(";")[0].strip().lower()
    if essence == "text/event-stream":
        return "events"
    if essence == "application/x-ndjson":
        return "lines"
    is_json = essence == "application/json" or re.fullmatch(r"[^/]+/[^/]+\+json", essence)
    return "document" if is_json else None


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _found(pointers: Sequence[str], prefix: str, holder: object) -> Captured:
    values = ((pointer, _value_at(pointer[len(prefix) :], holder)) for pointer in pointers)
    return {pointer: value for pointer, value in values if value is not None}


def _value_at(pointer: str, holder: object) -> str | int | float | bool | None:
    """What a JSON pointer leads to, if it may leave the process. Nothing below the name of a secret may."""
    first, *names = (name.replace("~1", "/").replace("~0", "~") for name in pointer.split("/"))
    if first or any(is_secret_name(name) for name in names[:-1]):
        return None
    value = reduce(_member_of, names, holder)
    if not isinstance(value, (str, int, float)):
        return None
    redacted = redact({names[-1] if names else "body": value}, None)
    return next(iter(redacted.metadata.values()), None)  # type: ignore[return-value]


def _member_of(holder: object, name: str) -> object:
    if isinstance(holder, Mapping):
        return holder.get(name)
    if not isinstance(holder, (list, tuple)) or not re.fullmatch("0|[1-9][0-9]*", name):
        return None
    return holder[int(name)] if int(name) < len(holder) else None


def _once_each(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    listed = list(pairs)
    times = Counter(name for name, _ in listed)
    return {name: value for name, value in listed if times[name] == 1 and isinstance(value, str)}
