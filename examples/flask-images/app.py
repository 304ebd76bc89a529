"""Image generation. Of metering, limits and billing it knows the lines that are marked."""

import os
import signal
import sys

from flask import Flask, abort, g, request
from usageflow.flask import FlaskUsageFlowAPI  # (1)

#: In your service: a table of keys, or what issues your tokens.
CUSTOMERS = {"demo-key-of-ann": "ann", "demo-key-of-bob": "bob"}
QUALITIES = ("standard", "hd")

app = Flask(__name__)


@app.before_request
def authenticate():
    """Registered before that of UsageFlow, so it runs before: who is calling is what was checked here."""
    customer_id = CUSTOMERS.get(request.headers.get("authorization", "").removeprefix("Bearer "))
    if customer_id is None and request.path.startswith("/v1/"):
        abort(401)
    g.usageflow = {"claims": {"sub": customer_id}}  # (2)


usage_flow = FlaskUsageFlowAPI(application="images")  # (3)
usage_flow.init()  # reads USAGEFLOW_URL and USAGEFLOW_API_KEY
usage_flow.request_interceptor(routes=[{"method": "*", "url": "/v1/*"}])(app)


@app.post("/v1/images")
def generate():
    asked = request.get_json()
    prompt, quality, number = asked["prompt"], asked.get("quality", "standard"), asked.get("n", 1)
    if quality not in QUALITIES or not 1 <= number <= 10:
        abort(400)
    images = [draw(prompt, quality) for _ in range(number)]
    # (4) What was made, not what was asked for: the policy bills metadata.images, at the price of the quality.
    g.usageflow["metadata"] = {"images": len(images), "quality": quality}
    return {"images": images}


@app.get("/health")
def health():
    return {"ok": True}


def draw(prompt, quality):
    """Stands for your model."""
    size = {"standard": 512, "hd": 1024}[quality]
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}"><title>{prompt}</title></svg>'


if __name__ == "__main__":
    # The end of the process sends what was measured in the last second; of a signal Python dies without one.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    app.run("127.0.0.1", int(os.environ.get("PORT", "3000")))
