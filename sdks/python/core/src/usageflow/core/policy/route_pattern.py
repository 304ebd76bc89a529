"""Which routes cover a request, and which exempt it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar, Union

from .request_path import Reading, readings_of
from .unicode_text import BLANKS, CONTROLS, is_whole, utf16_length


class RoutePattern(Protocol):
    """What a route must say of itself; it may say more."""

    @property
    def method(self) -> str:
        """`*` for any."""

    @property
    def url(self) -> str:
        """`*` for any; `/api/*` for all below, however deep; `/api/users/:id`: `:id` is one segment."""

    @property
    def priority(self) -> int:
        """The higher one comes first, whatever the patterns."""


@dataclass(frozen=True)
class Route:
    """A route as configurations write it: `Route("GET", "/api/users/:id")`."""

    method: str
    url: str
    priority: int = 0


R = TypeVar("R", bound=RoutePattern)


@dataclass(frozen=True)
class _Literal:
    text: str
    folded: str


@dataclass(frozen=True)
class _Parameter:
    name: str


_Part = Union[_Literal, _Parameter]


@dataclass(frozen=True)
class CompiledRoute(Generic[R]):
    route: R
    method: str
    parts: tuple[_Part, ...]
    is_open: bool  # ends in `*`
    ends_in_slash: bool


#: Routes in the order in which they are asked. Made by `compile_routes`.
RouteTable = tuple[CompiledRoute[R], ...]


@dataclass(frozen=True)
class RouteMatch(Generic[R]):
    """A route that covers a request, and what stands in the place of its parameters."""

    route: R
    params: Mapping[str, str] = field(default_factory=dict)


_PATTERN_LENGTH_MAX = 500
_METHOD = re.compile(r"\*|[A-Z][A-Z0-9_-]{0,31}")
_PARAMETER = re.compile(":([A-Za-z_][A-Za-z0-9_]{0,63})")
#: What can stand in a path as it is: nothing of it means anything else to one server or another.
_UNFIT = rf"*%;?#\\/{BLANKS}{CONTROLS}"
_LITERAL = re.compile(rf"(?!\.{{1,2}}\Z)[^:{_UNFIT}][^{_UNFIT}]*")
_CAPITALS = re.compile("[A-Z]+")


def compile_routes(routes: Iterable[R]) -> RouteTable[R]:
    """
    Reads the routes and sorts them: by priority, then from left to right a literal before a parameter
    before `*`, then a method before any, then as they were given. Raises ValueError for a pattern that
    it does not understand, for one that never matches would leave its endpoint unguarded.
    """
    compiled = [_compile(route) for route in routes]
    longest = max((len(route.parts) for route in compiled), default=0)

    def order(route: CompiledRoute[R]) -> tuple[int, list[int], bool]:
        ranks = [_rank_at(route, at) for at in range(longest + 1)]
        return -route.route.priority, ranks, route.method == "*"

    return tuple(sorted(compiled, key=order))


def covering_routes(table: RouteTable[R], method: str, target: str) -> list[RouteMatch[R]]:
    """
    The routes that cover a request: for each way to read its path the most specific one, so nearly
    always one. The plainest way comes first. Whoever limits has to apply them all, since nobody knows
    how the application will read; whoever counts asks `counting_route` when it has read.
    """
    asked = [route for route in table if _covers_method(route, method.upper())]
    readings = readings_of(target)
    if readings is None:
        return [RouteMatch(route.route) for route in asked]
    found: list[RouteMatch[R]] = []
    for segments in (segments for reading in readings for segments in _generously(reading)):
        first = next((route for route in asked if _covers(route, segments)), None)
        if first and not any(match.route is first.route for match in found):
            found.append(RouteMatch(first.route, _params_of(first, segments)))
    return found


def counting_route(table: RouteTable[R], method: str, target: str, template: str) -> R | None:
    """
    Which of the routes that cover a request counts, when the framework has served it by its route
    `template`: of the ways to read the path only those lead there that the template covers. The plainest of
    them decides, unless the route of another covers the template too, and so is nearer to it. None where no
    way leads there, as where the framework knows a shorter path than came in.
    """
    try:
        (served,) = compile_routes([Route("*", template)])
    except ValueError:  # no pattern of ours
        return None
    asked = [route for route in table if _covers_method(route, method.upper())]
    ways = [each for reading in readings_of(target) or () for each in _generously(reading)]
    firsts = (
        next((route for route in asked if _covers(route, segments)), None)
        for segments in ways
        if _covers(served, segments)
    )
    found = [route for route in firsts if route is not None]
    own = tuple(template.split("/")[1:])
    nearest = next((route for route in found if _covers(route, own)), None)
    first = nearest or next(iter(found), None)
    return first.route if first else None


def is_exempt(table: RouteTable[R], method: str, target: str) -> bool:
    """
    Whether a list of exceptions lets a request through unseen. The opposite of covering: it must match
    exactly as written, letter by letter, and however a server may read the path. So `/internal/../api`
    is no exception by `/internal/*`.
    """
    asked = [route for route in table if route.method in ("*", method)]
    readings = readings_of(target) if asked else None
    if readings is None:
        return False
    return all(any(_exempts(route, reading) for route in asked) for reading in readings)


def _compile(route: R) -> CompiledRoute[R]:
    method = str(route.method).upper()
    if not _METHOD.fullmatch(method):
        raise ValueError(f'{_shown(route.method)} is no method: write "GET", or "*" for any')
    url = "/*" if route.url == "*" else route.url
    if (
        not isinstance(url, str)
        or not url.startswith("/")
        or utf16_length(url) > _PATTERN_LENGTH_MAX
    ):
        raise _bad(
            route.url, f'begins with / or is "*", and has at most {_PATTERN_LENGTH_MAX} characters'
        )
    segments = url.split("/")[1:]
    ends_in_slash = segments[-1] == "" and len(segments) > 1
    is_open = segments[-1] == "*"
    if is_open or segments[-1] == "":
        segments.pop()
    parts = tuple(_part_of(segment, url) for segment in segments)
    names = [part.name for part in parts if isinstance(part, _Parameter)]
    if len(set(names)) < len(names):
        raise _bad(url, "names each parameter once")
    return CompiledRoute(route, method, parts, is_open, ends_in_slash)


def _part_of(segment: str, url: str) -> _Part:
    parameter = _PARAMETER.fullmatch(segment)
    if parameter:
        return _Parameter(parameter[1])
    if not _LITERAL.fullmatch(segment) or not is_whole(segment):
        raise _bad(
            url,
            'has segments of plain text, unescaped, ":name" for any one segment, '
            'and "*" only as the last',
        )
    return _Literal(segment, _folded(segment))


def _bad(url: object, rule: str) -> ValueError:
    return ValueError(f"{_shown(url)} is no route pattern: it {rule}")


def _shown(given: object) -> str:
    return json.dumps(given) if isinstance(given, str) else repr(given)


def _rank_at(route: CompiledRoute[R], at: int) -> int:
    """The lower comes first. A pattern that has ended comes before one that goes on anyhow."""
    if at < len(route.parts):
        return 0 if isinstance(route.parts[at], _Literal) else 1
    return 3 if route.is_open else 2


def _covers_method(route: CompiledRoute[R], method: str) -> bool:
    """A server answers HEAD with what it has for GET."""
    return route.method in ("*", method) or (method == "HEAD" and route.method == "GET")


def _generously(reading: Reading) -> Iterator[tuple[str, ...]]:
    """A slash behind a path is nothing to one server, and an empty segment to the next."""
    yield reading.segments
    if reading.ends_in_slash:
        yield (*reading.segments, "")


def _covers(route: CompiledRoute[R], segments: tuple[str, ...]) -> bool:
    """Generous, for some server will be: without regard to case, and a parameter may be empty."""
    length = len(route.parts)
    if len(segments) < length or (len(segments) > length and not route.is_open):
        return False
    return all(
        isinstance(part, _Parameter) or part.folded == _folded(segment)
        for part, segment in zip(route.parts, segments)
    )


def _exempts(route: CompiledRoute[R], reading: Reading) -> bool:
    """To the letter. What is below `/internal/*` includes neither `/internal` nor `/internal/`."""
    length, segments = len(route.parts), reading.segments
    is_below = len(segments) > length or length == 0
    is_same = len(segments) == length and reading.ends_in_slash == route.ends_in_slash
    if not (is_below if route.is_open else is_same):
        return False
    return all(
        segment != "" if isinstance(part, _Parameter) else part.text == segment
        for part, segment in zip(route.parts, segments)
    )


def _params_of(route: CompiledRoute[R], segments: tuple[str, ...]) -> dict[str, str]:
    pairs = zip(route.parts, segments)
    return {part.name: segment for part, segment in pairs if isinstance(part, _Parameter)}


def _folded(text: str) -> str:
    """Of ASCII alone: beyond it languages disagree about case."""
    return _CAPITALS.sub(lambda letters: letters.group().lower(), text)
