"""For each file of vectors: holds one of its cases against our functions. Lets errors of theirs through."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

from usageflow.core.policy import (
    CLOSED,
    HOLDS_NOTHING,
    AppliedLimit,
    Balance,
    Breaker,
    CapturedRequest,
    CapturedResponse,
    Decision,
    FailedTry,
    Holder,
    IdentitySource,
    LeaseAnswer,
    LeaseSettlement,
    RateLimit,
    RateState,
    RequestParts,
    Route,
    WindowState,
    after_failure,
    after_success,
    ask_for_lease,
    balance_used_up,
    bucket_of,
    capture,
    compile_routes,
    counting_route,
    covering_routes,
    decide,
    format_duration,
    identify,
    is_exempt,
    may_call,
    open_body,
    parse_duration,
    parse_limit,
    parse_rate_limit,
    rate_limit_headers,
    receive_lease,
    redact,
    retry_delay_ms,
    spend_locally,
    take_settlements,
)

Vector = Mapping[str, Any]


def equal(actual: object, expected: object, where: str) -> None:
    """As JSON, where True is not 1."""
    actual_json, expected_json = (json.dumps(each, sort_keys=True) for each in (actual, expected))
    if actual_json != expected_json:
        raise AssertionError(f"{where}: {actual_json} instead of {expected_json}")


def check_duration(vector: Vector) -> None:
    if "format" in vector:
        equal(format_duration(vector["format"]), vector.get("text"), vector["name"])
    else:
        equal(parse_duration(vector["text"]), vector.get("ms"), vector["name"])


def check_routes(vector: Vector) -> None:
    routes = [Route(**route) for route in vector["routes"]]
    table = compile_routes(routes)
    method, target = vector["method"], vector["target"]
    covered = [
        {
            "route": next(at for at, route in enumerate(routes) if route is match.route),
            "params": dict(match.params),
        }
        for match in covering_routes(table, method, target)
    ]
    equal(covered, vector["covered"], vector["name"])
    if "exempt" in vector:
        equal(is_exempt(table, method, target), vector["exempt"], vector["name"])


def check_counting(vector: Vector) -> None:
    routes = [Route(**route) for route in vector["routes"]]
    table = compile_routes(routes)
    route = counting_route(table, vector["method"], vector["target"], vector["template"])
    counting = next((at for at, each in enumerate(routes) if each is route), None)
    equal(counting, vector["counting"], vector["name"])


def check_confusion(vector: Vector) -> None:
    table = compile_routes([Route("GET", vector["pattern"])])
    result = {
        "covered": len(covering_routes(table, "GET", vector["target"])) > 0,
        "exempt": is_exempt(table, "GET", vector["target"]),
    }
    equal(result, {name: vector[name] for name in result}, vector["name"])


def check_identity(vector: Vector) -> None:
    strategy = [IdentitySource(source["from"], source["name"]) for source in vector["strategy"]]
    request = dict(vector["request"])
    if "clientAddress" in request:
        request["client_address"] = request.pop("clientAddress")
    identity = identify(strategy, RequestParts(**request))
    equal({"kind": identity.kind, "id": identity.id}, vector["identity"], vector["name"])


def check_rate_limit(vector: Vector) -> None:
    limit = parse_rate_limit(**vector["limit"])
    state: RateState | None = None
    for index, step in enumerate(vector["steps"]):
        decision = decide(limit, state, step["cost"], step["atMs"])
        expected = {name: step[name] for name in step if name not in ("atMs", "cost")}
        equal(_decision_json(decision), expected, f"{vector['name']}, step {index}")
        state = decision.state


def _decision_json(decision: Decision) -> dict[str, object]:
    return {
        "isAllowed": decision.is_allowed,
        "remaining": decision.remaining,
        "resetMs": decision.reset_ms,
        "retryAfterMs": decision.retry_after_ms,
    }


def check_balance(vector: Vector) -> None:
    if "refused" in vector:
        refused = vector["refused"]
        body = balance_used_up(refused["name"], refused["meter"], refused["customer"])
        equal(body, vector["body"], vector["name"])
        return
    rate = parse_limit(vector["limit"])
    read = (
        {"meter": rate.meter, "unitsPerRequest": rate.units_per_request}
        if isinstance(rate, Balance)
        else {"limit": rate.limit, "windowMs": rate.window_ms}
    )
    equal({"algorithm": rate.algorithm, **read}, vector["read"], vector["name"])


def check_headers(vector: Vector) -> None:
    limits = [
        AppliedLimit(
            each["name"],
            RateLimit("fixed_window", each["limit"], each["windowMs"]),
            Decision(
                each["isAllowed"],
                each["remaining"],
                each["resetMs"],
                each["retryAfterMs"],
                WindowState(0, ()),
            ),
        )
        for each in vector["limits"]
    ]
    equal(rate_limit_headers(limits), vector["headers"], vector["name"])


def check_holder(vector: Vector) -> None:
    holder = HOLDS_NOTHING
    for index, step in enumerate(vector["steps"]):
        holder = _after_holder_step(holder, step, f"{vector['name']}, step {index}")


def _after_holder_step(holder: Holder, step: Vector, where: str) -> Holder:
    if "ask" in step:
        return ask_for_lease(holder, step["ask"], step["atMs"])
    if "receive" in step:
        answer = step["receive"]
        return receive_lease(
            holder,
            LeaseAnswer(
                answer["id"],
                answer["units"],
                answer["lifeMs"],
                answer["retryAfterMs"],
                answer["askAgainMs"],
            ),
        )
    if "spend" in step:
        decision = spend_locally(holder, step["spend"], step["atMs"])
        actual = {
            "answer": decision.answer,
            "shouldAsk": decision.should_ask,
            "remaining": decision.remaining,
            "retryAfterMs": decision.retry_after_ms,
        }
        expected = {name: step[name] for name in step if name not in ("spend", "atMs")}
        equal(actual, expected, where)
        return decision.holder
    if "settleByMs" not in step:
        raise AssertionError(f"{where}: unknown step")
    after, settlements = take_settlements(holder, step["settleByMs"])
    equal([_settlement_json(each) for each in settlements], step["settlements"], where)
    return after


def _settlement_json(settlement: LeaseSettlement) -> dict[str, object]:
    return {"id": settlement.id, "used": settlement.used}


def check_redaction(vector: Vector) -> None:
    redacted = redact(vector["fields"], vector["allowed"])
    omitted = [{"path": each.path, "why": each.why} for each in redacted.omitted]
    equal(redacted.metadata, vector["metadata"], vector["name"])
    equal(omitted, vector["omitted"], vector["name"])


def check_captures(vector: Vector) -> None:
    """Of a body, however it is cut: as it stands in the case, in one piece, and in very small ones."""
    pointers, captured = vector["pointers"], vector["captured"]
    if "exchange" in vector:
        exchange = vector["exchange"]
        response = dict(exchange["response"])
        response["duration_ms"] = response.pop("durationMs")
        found = capture(
            pointers,
            CapturedRequest(**exchange["request"]),
            CapturedResponse(**response),
            exchange["metadata"],
        )
        equal(found, captured, vector["name"])
        return
    chunks = [
        chunk.encode() if isinstance(chunk, str) else base64.b64decode(chunk["base64"])
        for chunk in vector["chunks"]
    ]
    whole, body = b"".join(chunks), vector["body"]
    size = 1 if len(whole) < 10_000 else 4_093
    for way in (
        chunks,
        [whole],
        [whole[at : at + size] for at in range(0, len(whole), size)],
    ):
        reader = open_body(pointers, body["side"], body["contentType"], body["contentEncoding"])
        for chunk in way if reader else ():
            reader.push(chunk)
        equal(reader.end() if reader else None, captured, vector["name"])


def check_retry(vector: Vector) -> None:
    failed = FailedTry(vector["attempt"], vector["status"], vector.get("retryAfter"))
    delay_ms = retry_delay_ms(failed, vector["random"], vector["nowMs"])
    equal(delay_ms, vector["delayMs"], vector["name"])


def check_latency(vector: Vector) -> None:
    equal(bucket_of(vector["us"]), vector["bucket"], vector["name"])


def check_breaker(vector: Vector) -> None:
    breaker: Breaker = CLOSED
    for index, step in enumerate(vector["steps"]):
        breaker = _after_breaker_step(breaker, step, f"{vector['name']}, step {index}")


def _after_breaker_step(breaker: Breaker, step: Vector, where: str) -> Breaker:
    if step["event"] == "success":
        return after_success()
    if step["event"] == "failure":
        return after_failure(breaker, step["atMs"])
    if step["event"] != "call":
        raise AssertionError(f"{where}: unknown step")
    is_allowed, after = may_call(breaker, step["atMs"])
    equal(is_allowed, step["isAllowed"], where)
    return after


CHECKS: Mapping[str, Callable[[Vector], None]] = {
    "balances.json": check_balance,
    "breakers.json": check_breaker,
    "captures.json": check_captures,
    "counting-routes.json": check_counting,
    "durations.json": check_duration,
    "identities.json": check_identity,
    "latencies.json": check_latency,
    "lease-holders.json": check_holder,
    "path-confusion.json": check_confusion,
    "rate-limit-headers.json": check_headers,
    "rate-limits.json": check_rate_limit,
    "redaction.json": check_redaction,
    "retries.json": check_retry,
    "routes.json": check_routes,
}
