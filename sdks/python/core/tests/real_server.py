"""The server that `npm run test:sdks` starts."""

from __future__ import annotations

import json
import os
import unittest
import urllib.request
import uuid
from typing import Any

URL = os.environ.get("USAGEFLOW_TEST_URL")
KEY = os.environ.get("USAGEFLOW_TEST_KEY")

with_real_server = unittest.skipUnless(
    URL and KEY,
    "no real server: set USAGEFLOW_TEST_URL, and USAGEFLOW_TEST_KEY to a key that may do everything",
)


def ask(method: str, path: str, body: object = None) -> Any:
    """The answer of the server's API. Raises an OSError for an error."""
    request = urllib.request.Request(
        f"{URL}/api/v1{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"x-usageflow-api-key": KEY or "", "content-type": "application/json"},
    )
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def make_policy(url: str, **changes: object) -> Any:
    """Of three requests an hour for each `x-user-id`, in one application."""
    name = f"test-{uuid.uuid4().hex[:20]}"
    sources = [{"from": "header", "name": "x-user-id"}]
    ask("POST", "/control/strategies", {"key": name, "name": name, "sources": sources})
    limits = [{"name": "hourly", "limit": 3, "window": "1h"}]
    policy = {"key": name, "name": name, "url": url, "strategy": name, "limits": limits}
    return ask("POST", "/control/policies", {**policy, "deadlineMs": 1_000, **changes})


def make_metering_policy(name: str) -> None:
    """Of all below `/{name}/`: two tokens for each that an answer says, and a call for each answer."""
    tokens = {"event": "AI_TOKEN", "quantity": "response.body.usage.total_tokens * 2"}
    make_policy(
        f"/{name}/*", application=name, limits=[], metering=[tokens, {"event": "API_CALL"}]
    )


def recorded_amounts(customer_id: str) -> dict[str, list[int]]:
    """Of tokens and of calls."""
    events = ask("GET", f"/events?customerId={customer_id}")["data"]
    return {
        name: [int(event["amount"]) for event in events if event["name"] == name]
        for name in ("AI_TOKEN", "API_CALL")
    }
