"""Percent-encoding of UTF-8."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

_RUN = re.compile("(?:%[0-9A-Fa-f]{2})+")
_ASCII_ESCAPE = re.compile("%[0-7][0-9A-Fa-f]")
_BROKEN = re.compile("%(?![0-9A-Fa-f]{2})")


def decoded(text: str) -> str:
    """Escapes of UTF-8 as text. In a run that is none, bytes beyond ASCII stay as they were written."""
    return _RUN.sub(_decoded_run, text) if "%" in text else text


def strictly_decoded(text: str) -> str:
    """Raises ValueError for a `%` that is no escape, and for escapes that are no UTF-8."""
    if _BROKEN.search(text):
        raise ValueError("a % without two digits of hexadecimal")
    return _RUN.sub(lambda run: _utf8(run.group()), text)


def _decoded_run(run: re.Match[str]) -> str:
    try:
        return _utf8(run.group())
    except UnicodeDecodeError:
        return _ASCII_ESCAPE.sub(lambda escape: _utf8(escape.group()), run.group())


def _utf8(escapes: str) -> str:
    return unquote_to_bytes(escapes).decode("utf-8")
