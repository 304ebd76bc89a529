"""A server, an agent that asks it, and requests that come to its host."""

from __future__ import annotations

from typing import Any

from usageflow.core.agent import (
    Agent,
    Coverage,
    Exchange,
    RequestParts,
    drive,
    read_coverage,
)

from .control_server import STRATEGIES
from .control_world import ControlWorld
from .world import until

EVERY = read_coverage(None, None)


class AgentWorld(ControlWorld):
    def agent(self, *policies: dict[str, Any], **options: Any) -> Agent:
        """One that knows these policies; closed when the test has ended."""
        blocks = options.pop("blocks", [])
        self.server.set_document(list(policies), strategies=STRATEGIES, blocks=blocks)
        agent = self.unknowing_agent(**options)
        agent.start()
        until(lambda: agent.knows_what_holds)
        return agent

    def unknowing_agent(self, **options: Any) -> Agent:
        defaults = {"base_url": self.server.url, "on_error": self.errors.append}
        agent = Agent("uf_live_secret", **{**defaults, **options})
        self.addCleanup(agent.close, 0.001)
        return agent

    def exchange(
        self,
        agent: Agent,
        target: str = "/api/users",
        *,
        user: str | None = "ada",
        method: str = "GET",
        address: str = "192.0.2.1",
        coverage: Coverage = EVERY,
    ) -> Exchange:
        """A request that was decided."""
        exchange = drive(agent.receive(coverage, method, target))
        assert exchange is not None
        headers = {} if user is None else {"x-user-id": user}
        drive(agent.decide(exchange, RequestParts(headers=headers, client_address=address)))
        return exchange

    def status(self, agent: Agent, target: str = "/api/users", **request: Any) -> int:
        refusal = self.exchange(agent, target, **request).refusal
        return refusal.status if refusal else 200

    def statuses(self, agent: Agent, count: int, **request: Any) -> list[int]:
        return [self.status(agent, **request) for _ in range(count)]
