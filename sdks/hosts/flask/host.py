import json
import logging
import os
import time

from flask import Blueprint, Flask, Response, g, request
from usageflow.flask import FlaskUsageFlowAPI

usage_flow = FlaskUsageFlowAPI()
usage_flow.init()
app = Flask(__name__, static_folder=None)
usage_flow.request_interceptor(
    routes=[{"method": "*", "url": "*"}],
    whitelist_routes=[{"method": "GET", "url": "/health"}, {"method": "*", "url": "/internal/*"}],
)(app)


def served(pattern):
    return lambda **_: ({}, {"x-served": pattern})


for pattern, rule in {
    "/": "/",
    "/health": "/health",
    "/internal/*": "/internal/<path:rest>",
    "/api/users": "/api/users",
    "/api/users/:id": "/api/users/<id>",
    "/api/:other": "/api/<other>",
    "/files/*": "/files/<path:path>",
}.items():
    app.add_url_rule(rule, rule, served(pattern))
mounted = Blueprint("mounted", __name__)
mounted.add_url_rule("/c", "c", served("/a/:b/c"))
app.register_blueprint(mounted, url_prefix="/a/<b>")

BREATH_S = 0.05


def usage_of(tokens):
    return json.dumps({"usage": {"total_tokens": tokens}})


def events(tokens):
    for each in tokens:
        yield f"data: {usage_of(each)}\n\n"


def whole_stream(tokens):
    yield from events(tokens)
    yield "data: [DONE]\n\n"


def lines(tokens):
    for each in tokens:
        yield f"{usage_of(each)}\n"


def breaking(tokens):
    yield from events(tokens)
    raise RuntimeError("broken")


def hanging(tokens):
    yield from events(tokens)
    while True:
        yield ": waits\n\n"
        time.sleep(BREATH_S)


@app.post("/v1/models/<model>/chat")
def chat(model):
    asked = request.get_json()
    how, tokens = asked["how"], asked.get("tokens", [])
    if "units" in asked:
        g.usageflow = {"metadata": {"units": asked["units"], "customField": "value"}}
    if how == "json":
        return Response(usage_of(tokens[-1]), asked["status"], mimetype="application/json")
    if how == "lines":
        return Response(lines(tokens), mimetype="application/x-ndjson")
    if how == "throw":
        raise RuntimeError("broken")
    streams = {"stream": whole_stream, "break": breaking, "hang": hanging}
    return Response(streams[how](tokens), mimetype="text/event-stream")


logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
app.run("127.0.0.1", int(os.environ["PORT"]), threaded=True)
