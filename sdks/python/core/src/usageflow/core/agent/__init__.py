"""What the packages for frameworks have in common: decides, meters and reports in the middle of requests."""

from ..policy.identity import RequestParts
from .agent import Agent
from .exchange import Coverage, Exchange, Outcome, Refusal
from .options import RateLimitOption, RouteOption, read_coverage
from .steps import Steps, drive, drive_in_loop

__all__ = [
    "Agent",
    "Coverage",
    "Exchange",
    "Outcome",
    "RateLimitOption",
    "Refusal",
    "RequestParts",
    "RouteOption",
    "Steps",
    "drive",
    "drive_in_loop",
    "read_coverage",
]
