import hashlib
import json
import os
import signal
import sys
import time

import flask
from werkzeug.serving import WSGIRequestHandler, make_server

app = flask.Flask(__name__)


def tell(error):
    line = json.dumps({"kind": error.kind, "code": error.code, "count": error.count})
    os.write(1, f"{line}\n".encode())  # at once: what two threads print gets mixed up


usage_flow = None
if not os.environ.get("BARE"):
    from usageflow.flask import FlaskUsageFlowAPI

    limit = {"limit": 1_000_000, "window": "1h", "algorithm": "token_bucket"}
    usage_flow = FlaskUsageFlowAPI(rate_limits={"/limited/*": limit}, on_error=tell)
    usage_flow.init()
    usage_flow.request_interceptor()(app)


@app.get("/summed/<id>")
@app.get("/limited/<id>")
@app.get("/free/<id>")
def plain(id):
    return {"id": id}


@app.post("/each/<id>")
def each(id):
    return {"model": flask.request.json["model"], "tokens": 3}


@app.get("/work")
def work():
    time.sleep(0.001)
    return {"ok": True}


@app.get("/shapes/json")
def as_json():
    return {"tokens": 7, "text": "x" * 10_000}


def slowly(parts):
    for part in parts:
        yield part
        time.sleep(0.05)


@app.get("/shapes/stream")
def stream():
    return flask.Response(slowly(f"part {part}\n" for part in range(5)))


@app.get("/shapes/events")
def events():
    parts = (f'data: {{"tokens":{event}}}\n\n' for event in range(5))
    return flask.Response(slowly(parts), mimetype="text/event-stream")


@app.post("/shapes/upload")
def upload():
    digest = hashlib.sha256()
    while chunk := flask.request.stream.read(65_536):
        digest.update(chunk)
    return digest.hexdigest()


@app.get("/shapes/empty")
def empty():
    return "", 204


@app.get("/shapes/throws")
def throws():
    raise RuntimeError("broken")


def endlessly():
    part = 0
    while True:
        yield str(part).ljust(1_000, ".")
        part += 1
        time.sleep(0.01)


@app.get("/endless")
def endless():
    return flask.Response(endlessly())


def half():
    yield "half"
    time.sleep(0.05)
    raise RuntimeError("broken")


@app.get("/cut")
def cut():
    return flask.Response(half())


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_):
        pass


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
server = make_server("127.0.0.1", int(os.environ["PORT"]), app, threaded=True, request_handler=Quiet)
server.daemon_threads = True
try:
    server.serve_forever()
finally:
    if usage_flow:
        usage_flow.close()
