"""Who may use what, and how an SDK behaves: pure functions without I/O, clock or chance."""

from .balance import Balance, Rate, balance_used_up, parse_limit
from .breaker import (
    CLOSED,
    Breaker,
    ClosedBreaker,
    OpenBreaker,
    after_failure,
    after_success,
    may_call,
)
from .captures import (
    BodyReader,
    Captured,
    CapturedRequest,
    CapturedResponse,
    capture,
    open_body,
)
from .duration import DURATION_MS_MAX, format_duration, parse_duration
from .identity import Identity, IdentitySource, RequestParts, identify
from .latency import bucket_of
from .lease_holder import (
    HOLDS_NOTHING,
    Holder,
    LeaseAnswer,
    LeaseSettlement,
    LocalDecision,
    ask_for_lease,
    receive_lease,
    spend_locally,
    take_settlements,
)
from .network import network_of
from .query import query_names
from .rate_limit import (
    BucketState,
    Decision,
    RateLimit,
    RateState,
    WindowState,
    decide,
    parse_rate_limit,
    window_end_ms,
)
from .rate_limit_headers import AppliedLimit, quota_exceeded, rate_limit_headers
from .redact import COLLECTED_FIELDS, Omission, Redacted, redact
from .request_path import Reading, readings_of
from .retry import FailedTry, parse_retry_after, retry_delay_ms
from .route_pattern import (
    Route,
    RouteMatch,
    RoutePattern,
    RouteTable,
    compile_routes,
    counting_route,
    covering_routes,
    is_exempt,
)

__all__ = [
    "CLOSED",
    "COLLECTED_FIELDS",
    "DURATION_MS_MAX",
    "HOLDS_NOTHING",
    "AppliedLimit",
    "Balance",
    "BodyReader",
    "Breaker",
    "BucketState",
    "Captured",
    "CapturedRequest",
    "CapturedResponse",
    "ClosedBreaker",
    "Decision",
    "FailedTry",
    "Holder",
    "Identity",
    "IdentitySource",
    "LeaseAnswer",
    "LeaseSettlement",
    "LocalDecision",
    "Omission",
    "OpenBreaker",
    "Rate",
    "RateLimit",
    "RateState",
    "Reading",
    "Redacted",
    "RequestParts",
    "Route",
    "RouteMatch",
    "RoutePattern",
    "RouteTable",
    "WindowState",
    "after_failure",
    "after_success",
    "ask_for_lease",
    "balance_used_up",
    "bucket_of",
    "capture",
    "compile_routes",
    "counting_route",
    "covering_routes",
    "decide",
    "format_duration",
    "identify",
    "is_exempt",
    "may_call",
    "network_of",
    "open_body",
    "parse_duration",
    "parse_limit",
    "parse_rate_limit",
    "parse_retry_after",
    "query_names",
    "quota_exceeded",
    "rate_limit_headers",
    "readings_of",
    "receive_lease",
    "redact",
    "retry_delay_ms",
    "spend_locally",
    "take_settlements",
    "window_end_ms",
]
