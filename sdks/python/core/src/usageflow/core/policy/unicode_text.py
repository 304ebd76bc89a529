"""What every SDK takes for a length, a blank and whole text, whatever its language does by itself."""

from __future__ import annotations

import re

#: What JavaScript calls white space: other languages have more of it, or less.
BLANKS = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
CONTROLS = "\x00-\x1f\x7f-\x9f"

_BLANK_ENDS = re.compile(f"^[{BLANKS}]+|[{BLANKS}]+\\Z")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BEYOND_16_BITS = re.compile("[\U00010000-\U0010ffff]")


def utf16_length(text: str) -> int:
    """In units of UTF-16, as the API counts."""
    return len(text) if text.isascii() else len(text) + len(_BEYOND_16_BITS.findall(text))


def utf16_head(text: str, length: int) -> str:
    """The first so many units; half a character at the cut, or anywhere, becomes U+FFFD."""
    if text.isascii():
        return text[:length]
    return text.encode("utf-16-le", "surrogatepass")[: 2 * length].decode("utf-16-le", "replace")


def utf16_tail(text: str, length: int) -> str:
    """The last so many units; half a character at the cut becomes U+FFFD."""
    if len(text) <= length // 2 or text.isascii():
        return text[-length:]
    return text.encode("utf-16-le", "surrogatepass")[-2 * length :].decode("utf-16-le", "replace")


def is_whole(text: str) -> bool:
    """Whether the text has no half of a surrogate pair, which UTF-8 cannot write."""
    return text.isascii() or _SURROGATE.search(text) is None


def trimmed(text: str) -> str:
    return _BLANK_ENDS.sub("", text)
