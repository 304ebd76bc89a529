import asyncio
import contextlib
import hashlib
import json
import os
import signal
import sys

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse, StreamingResponse


def tell(error):
    line = json.dumps({"kind": error.kind, "code": error.code, "count": error.count})
    os.write(1, f"{line}\n".encode())  # at once: what two threads print gets mixed up


usage_flow = None


@contextlib.asynccontextmanager
async def lifespan(_app):
    yield
    if usage_flow:
        await asyncio.to_thread(usage_flow.close)


app = FastAPI(lifespan=lifespan)
if not os.environ.get("BARE"):
    from usageflow.fastapi import FastAPIUsageFlowAPI

    limit = {"limit": 1_000_000, "window": "1h", "algorithm": "token_bucket"}
    usage_flow = FastAPIUsageFlowAPI(rate_limits={"/limited/*": limit}, on_error=tell)
    usage_flow.init()
    app.add_middleware(usage_flow.request_interceptor())


@app.get("/summed/{id}")
@app.get("/limited/{id}")
@app.get("/free/{id}")
async def plain(id: str):
    return {"id": id}


@app.post("/each/{id}")
async def each(request: Request):
    return {"model": (await request.json())["model"], "tokens": 3}


@app.get("/work")
async def work():
    await asyncio.sleep(0.001)
    return {"ok": True}


@app.get("/shapes/json")
async def as_json():
    return {"tokens": 7, "text": "x" * 10_000}


async def slowly(parts):
    for part in parts:
        yield part
        await asyncio.sleep(0.05)


@app.get("/shapes/stream")
async def stream():
    return StreamingResponse(slowly([f"part {part}\n" for part in range(5)]))


@app.get("/shapes/events")
async def events():
    parts = [f'data: {{"tokens":{event}}}\n\n' for event in range(5)]
    return StreamingResponse(slowly(parts), media_type="text/event-stream")


@app.post("/shapes/upload")
async def upload(request: Request):
    digest = hashlib.sha256()
    async for chunk in request.stream():
        digest.update(chunk)
    return PlainTextResponse(digest.hexdigest())


@app.get("/shapes/empty")
async def empty():
    return Response(status_code=204)


@app.get("/shapes/throws")
async def throws():
    raise RuntimeError("broken")


async def endlessly():
    part = 0
    while True:
        yield str(part).ljust(1_000, ".")
        part += 1
        await asyncio.sleep(0.01)


@app.get("/endless")
async def endless():
    return StreamingResponse(endlessly())


async def half():
    yield "half"
    await asyncio.sleep(0.05)
    raise RuntimeError("broken")


@app.get("/cut")
async def cut():
    return StreamingResponse(half())


@app.exception_handler(RuntimeError)
async def failed(_request, error):
    return JSONResponse({"error": str(error)}, 500)


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # uvicorn raises it anew when it has ended
uvicorn.run(
    app,
    host="127.0.0.1",
    port=int(os.environ["PORT"]),
    log_level="critical",
    access_log=False,
    timeout_keep_alive=120,
    timeout_graceful_shutdown=1,
)
