"""The core of UsageFlow's SDK for Python: the client, and in `usageflow.core.policy` the policies."""

from .client import (
    Amount,
    ErrorKind,
    Metadata,
    Sent,
    SentEvent,
    Stats,
    Timestamp,
    UsageFlow,
    UsageFlowError,
)

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
