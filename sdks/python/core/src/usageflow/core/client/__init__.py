"""Sends usage in the background, exactly once, without ever hurting its host."""

from .errors import ErrorKind, SentEvent, UsageFlowError
from .stats import Stats
from .usage_flow import Amount, Metadata, Sent, Timestamp, UsageFlow

__all__ = [
    "Amount",
    "ErrorKind",
    "Metadata",
    "Sent",
    "SentEvent",
    "Stats",
    "Timestamp",
    "UsageFlow",
    "UsageFlowError",
]
