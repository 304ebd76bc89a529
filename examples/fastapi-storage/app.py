"""File storage. Of metering, limits and billing it knows the lines that are marked."""

import os

import uvicorn
from fastapi import FastAPI, HTTPException, Request, Response
from usageflow.fastapi import FastAPIUsageFlowAPI  # (1)

#: In your service: a table of keys, or what issues your tokens.
CUSTOMERS = {"demo-key-of-ann": "ann", "demo-key-of-bob": "bob"}

app = FastAPI()
#: In your service: a bucket.
files: dict[tuple[str, str], bytes] = {}

usage_flow = FastAPIUsageFlowAPI(application="storage")  # (2)
usage_flow.init()  # reads USAGEFLOW_URL and USAGEFLOW_API_KEY
app.add_middleware(usage_flow.request_interceptor(routes=[{"method": "*", "url": "/v1/*"}]))  # (3)


@app.middleware("http")
async def authenticate(request: Request, call_next):
    """Added after that of UsageFlow, so it runs before: who is calling is what was checked here."""
    key = request.headers.get("authorization", "").removeprefix("Bearer ")
    customer_id = CUSTOMERS.get(key)
    if customer_id is None and request.url.path.startswith("/v1/"):
        return Response("Send Authorization: Bearer, and your key.\n", 401)
    request.state.customer_id = customer_id
    request.state.usageflow = {"claims": {"sub": customer_id}}  # (4)
    return await call_next(request)


@app.put("/v1/files/{path:path}", status_code=201)
async def upload(path: str, request: Request):
    content = await request.body()
    files[request.state.customer_id, path] = content
    return {"path": path, "bytes": len(content)}


@app.get("/v1/files/{path:path}")
async def download(path: str, request: Request):
    content = files.get((request.state.customer_id, path))
    if content is None:
        raise HTTPException(404, "There is no such file.")
    return Response(content, media_type="application/octet-stream")


@app.get("/health")
async def health():
    return {"ok": True}


if __name__ == "__main__":  # the end of the process sends what was measured in the last second
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ.get("PORT", "3000")))
