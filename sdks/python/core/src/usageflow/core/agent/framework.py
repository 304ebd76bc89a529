"""What the packages for frameworks give their hosts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..client.event import Clock
from ..client.reporter import OnError
from .agent import Agent
from .exchange import Coverage
from .options import RateLimitOption, RouteOption, read_coverage


class FrameworkAPI:
    """
    Until `init` it has the key of its options or of the environment. Without one it warns once, and
    everything passes.
    """

    #: What reports call the package, with its version.
    name = "python"

    def __init__(
        self,
        api_key: str | None = None,
        base_url: str | None = None,
        *,
        application: str | None = None,
        rate_limits: Mapping[str, RateLimitOption] | None = None,
        on_error: OnError | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._api_key = api_key
        self._base_url = base_url
        self._application = application
        self._rate_limits = rate_limits
        self._on_error = on_error
        self._clock = clock
        self._agent: Agent | None = None

    def init(self, api_key: str | None = None) -> None:
        """Raises a `config` error for `rate_limits` that cannot be read."""
        if self._agent is not None:
            self._agent.close()
        self._agent = Agent(
            api_key or self._api_key,
            self._base_url,
            name=self.name,
            application=self._application,
            rate_limits=self._rate_limits,
            on_error=self._on_error,
            clock=self._clock,
        )

    def close(self, deadline_s: float = 5.0) -> None:
        """Sends what waits and gives back what was lent. The end of the process does so too, for 2 s. Never raises."""
        self.agent.close(deadline_s)

    @property
    def agent(self) -> Agent:
        if self._agent is None:
            self.init()
        assert self._agent is not None
        return self._agent

    def _covered(
        self, routes: Sequence[RouteOption] | None, whitelist_routes: Sequence[RouteOption] | None
    ) -> Coverage:
        """Begins to ask what holds. Raises a `config` error for routes that cannot be read."""
        coverage = read_coverage(routes, whitelist_routes)
        self.agent.start()
        return coverage


def announced_bytes(length: str) -> int:
    """Of a body, as the client says. What has more digits than any body has bytes says nothing."""
    return int(length) if length.isdecimal() and len(length) <= 15 else 0
