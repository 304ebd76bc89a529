import asyncio
import json
import os

import uvicorn
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from usageflow.fastapi import FastAPIUsageFlowAPI

usage_flow = FastAPIUsageFlowAPI()
usage_flow.init()
app = FastAPI()
app.add_middleware(
    usage_flow.request_interceptor(
        routes=[{"method": "*", "url": "*"}],
        whitelist_routes=[
            {"method": "GET", "url": "/health"},
            {"method": "*", "url": "/internal/*"},
        ],
    )
)


def served(pattern):
    return lambda: JSONResponse({}, headers={"x-served": pattern})


mounted = APIRouter(prefix="/a/{b}")
mounted.add_api_route("/c", served("/a/:b/c"))
app.include_router(mounted)
for pattern, path in {
    "/": "/",
    "/health": "/health",
    "/internal/*": "/internal/{rest:path}",
    "/api/users": "/api/users",
    "/api/users/:id": "/api/users/{id}",
    "/api/:other": "/api/{other}",
    "/files/*": "/files/{path:path}",
}.items():
    app.add_api_route(path, served(pattern))

BREATH_S = 0.05


def usage_of(tokens):
    return json.dumps({"usage": {"total_tokens": tokens}})


async def events(tokens):
    for each in tokens:
        yield f"data: {usage_of(each)}\n\n"
        await asyncio.sleep(0.001)


async def whole_stream(tokens):
    async for event in events(tokens):
        yield event
    yield "data: [DONE]\n\n"


async def lines(tokens):
    for each in tokens:
        yield f"{usage_of(each)}\n"


async def breaking(tokens):
    async for event in events(tokens):
        yield event
    raise RuntimeError("broken")


async def hanging(tokens):
    async for event in events(tokens):
        yield event
    while True:
        yield ": waits\n\n"
        await asyncio.sleep(BREATH_S)


@app.post("/v1/models/{model}/chat")
async def chat(request: Request):
    asked = await request.json()
    how, tokens = asked["how"], asked.get("tokens", [])
    if "units" in asked:
        request.state.usageflow = {"metadata": {"units": asked["units"], "customField": "value"}}
    if how == "json":
        return Response(usage_of(tokens[-1]), asked["status"], media_type="application/json")
    if how == "lines":
        return StreamingResponse(lines(tokens), media_type="application/x-ndjson")
    if how == "never":
        while not await request.is_disconnected():
            await asyncio.sleep(BREATH_S)
        raise asyncio.CancelledError
    if how == "throw":
        raise RuntimeError("broken")
    streams = {"stream": whole_stream, "break": breaking, "hang": hanging}
    return StreamingResponse(streams[how](tokens), media_type="text/event-stream")


uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="critical")
