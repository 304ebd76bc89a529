"""Whose address it is, as far as an address tells."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv6Address

_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_V4 = re.compile(f"{_BYTE}(?:[.]{_BYTE}){{3}}")
_V4_TAIL = re.compile(".*:([0-9.]+)")


def network_of(address: str) -> str:
    """
    An address of IPv4 itself, the /64 of IPv6 (a household has 2^64 addresses, and would have as many
    limits), and `unknown` for what is none.
    """
    if _V4.fullmatch(address):
        return address
    v6 = _v6_or_none(address.partition("%")[0])
    if v6 is None:
        return "unknown"
    if v6.ipv4_mapped is not None:
        return str(v6.ipv4_mapped)
    groups = [int.from_bytes(v6.packed[at : at + 2], "big") for at in range(0, 8, 2)]
    return ":".join(f"{group:x}" for group in groups) + "::/64"


def _v6_or_none(address: str) -> IPv6Address | None:
    tail = _V4_TAIL.fullmatch(address)
    # Not every Python refuses `01.2.3.4`.
    if tail and "." in tail[1] and not _V4.fullmatch(tail[1]):
        return None
    try:
        return IPv6Address(address)
    except AddressValueError:
        return None
