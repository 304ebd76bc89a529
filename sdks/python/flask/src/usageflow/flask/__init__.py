"""UsageFlow for Flask."""

from .flask_api import FlaskUsageFlowAPI

__all__ = ["FlaskUsageFlowAPI"]
