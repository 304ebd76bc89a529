"""Latencies as counts in buckets, which can be added over processes and minutes."""

from __future__ import annotations

#: Longer is counted as this long: 71 minutes.
_LATENCY_US_MAX = 2**32 - 1
#: None is wider than a 32nd of what it holds; below 64 µs each is one microsecond.
_BUCKETS_PER_DOUBLING = 32
_BUCKET_BITS = 6


def bucket_of(latency_us: int) -> int:
    """In which bucket a latency in microseconds counts; less than nothing, of a clock that was set, is 0."""
    us = min(_LATENCY_US_MAX, max(0, latency_us))
    shift = max(0, us.bit_length() - _BUCKET_BITS)
    return _BUCKETS_PER_DOUBLING * shift + (us >> shift)
