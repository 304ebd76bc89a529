"""Says to UsageFlow what this API sells and how it is held. What is there already stays: run it as often as you like."""

import json
import os
import urllib.error
import urllib.request

URL = os.environ.get("USAGEFLOW_URL", "http://127.0.0.1:4400")
KEY = os.environ["USAGEFLOW_API_KEY"]


def make(what, **body):
    headers = {"x-usageflow-api-key": KEY, "content-type": "application/json"}
    data = json.dumps(body).encode()
    try:
        urllib.request.urlopen(urllib.request.Request(f"{URL}/api/v1/{what}", data, headers))
    except urllib.error.HTTPError as error:
        if error.code != 409:
            raise RuntimeError(f"{what}: {error.read().decode()}") from None


make("meters", key="UPLOADED_GB", name="Uploaded", unit="GB")
make("meters", key="DOWNLOADED_GB", name="Downloaded", unit="GB")
make(
    "plans",
    key="storage",
    name="Storage",
    currency="USD",
    cycle="month",
    basePrice="10",
    prices=[
        {"meter": "UPLOADED_GB", "model": "per_unit", "unitPrice": "5"},
        {"meter": "DOWNLOADED_GB", "model": "per_unit", "unitPrice": "1"},
    ],
)
for customer_id in ("ann", "bob"):
    make("customers", customerId=customer_id)
    make("subscriptions", customerId=customer_id, plan="storage")
make(
    "control/strategies",
    key="by-account",
    name="By account",
    sources=[{"from": "claim", "name": "sub"}],
)
for method, event, quantity in (
    ("PUT", "UPLOADED_GB", "request.bytes / 1000000000"),
    ("GET", "DOWNLOADED_GB", "response.bytes / 1000000000"),
):
    make(
        "control/policies",
        key=f"files-{method.lower()}",
        name=f"{method} of files",
        application="storage",
        method=method,
        url="/v1/files/*",
        strategy="by-account",
        limits=[{"name": method, "algorithm": "token_bucket", "limit": 20, "window": "1m"}],
        metering=[{"event": event, "quantity": quantity, "when": ["2xx"]}],
    )
print("Storage is on sale: $10.00 a month, $5.00 for a GB that comes in and $1.00 for one that goes out.")
