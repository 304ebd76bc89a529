"""UsageFlow for FastAPI, Starlette and whatever else speaks ASGI."""

from .fastapi_api import FastAPIUsageFlowAPI

__all__ = ["FastAPIUsageFlowAPI"]
