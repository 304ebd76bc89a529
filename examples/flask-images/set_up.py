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


for key, name, quality in (
    ("STANDARD_IMAGE", "Standard images", "standard"),
    ("HD_IMAGE", "HD images", "hd"),
):
    make(  # two meters read the events IMAGE, each those of one quality
        "meters",
        key=key,
        name=name,
        unit="images",
        eventName="IMAGE",
        filter={"property": "quality", "operator": "eq", "value": quality},
    )
make(
    "plans",
    key="images",
    name="Images",
    currency="USD",
    cycle="month",
    basePrice="0",
    prices=[
        {"meter": "STANDARD_IMAGE", "model": "per_unit", "unitPrice": "0.04"},
        {"meter": "HD_IMAGE", "model": "per_unit", "unitPrice": "0.08"},
    ],
)
for customer_id in ("ann", "bob"):
    make("customers", customerId=customer_id)
    make("subscriptions", customerId=customer_id, plan="images")
make(
    "control/strategies",
    key="by-account",
    name="By account",
    sources=[{"from": "claim", "name": "sub"}],
)
make(
    "control/policies",
    key="images",
    name="Images",
    application="images",
    method="POST",
    url="/v1/images",
    strategy="by-account",
    limits=[{"name": "images", "algorithm": "token_bucket", "limit": 20, "window": "1m"}],
    metering=[{"event": "IMAGE", "quantity": "metadata.images", "when": ["2xx"]}],
)
print("Images are on sale: $0.04 for a standard one, $0.08 in HD.")
