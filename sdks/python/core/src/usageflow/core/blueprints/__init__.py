"""Blueprints: usage out of what a program has in its hands anyway, tracked with a client."""

from .byte_meter import (
    ByteMeter,
    track_bytes,
    track_bytes_async,
    track_storage,
    track_storage_time,
)
from .llm import LlmMeter, track_llm, track_llm_stream, track_llm_stream_async
from .llm_usage import LlmUsage, llm_usage
from .quantities import ByteUnit, TimeUnit, gigabyte_hours, gigabytes
from .tracking import EventDetails
from .work import track_job, track_time

__all__ = [
    "ByteMeter",
    "ByteUnit",
    "EventDetails",
    "LlmMeter",
    "LlmUsage",
    "TimeUnit",
    "gigabyte_hours",
    "gigabytes",
    "llm_usage",
    "track_bytes",
    "track_bytes_async",
    "track_job",
    "track_llm",
    "track_llm_stream",
    "track_llm_stream_async",
    "track_storage",
    "track_storage_time",
    "track_time",
]
