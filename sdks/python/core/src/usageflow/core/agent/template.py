"""What frameworks call their routes, in our words: `/users/:id`, `/files/*`."""

from __future__ import annotations

import re

#: `{id}`, `{id:int}`, `<id>`, `<int:id>`, `<int(min=1):id>`
_PARAMETER = re.compile(
    r"[{<](?:[^{}<>]*:)?([A-Za-z_][A-Za-z0-9_]*)[}>]|[{]([A-Za-z_][A-Za-z0-9_]*):[^{}]*[}]"
)
_REST = re.compile(r"\{[A-Za-z_][A-Za-z0-9_]*:path\}|<path(?:\([^<>]*\))?:[A-Za-z_][A-Za-z0-9_]*>")


def route_template(written: str) -> str:
    """A segment with a parameter in it is that parameter; one that takes the rest of the path is `*`."""
    rest = _REST.search(written)
    if rest is not None:
        return f"{_named(written[: rest.start()].rpartition('/')[0])}/*"
    return _named(written)


def _named(path: str) -> str:
    return "/".join(_segment(segment) for segment in path.split("/"))


def _segment(segment: str) -> str:
    parameter = _PARAMETER.search(segment)
    return f":{parameter[1] or parameter[2]}" if parameter else segment
