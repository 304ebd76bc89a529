from __future__ import annotations

import unittest
import uuid

from fastapi import FastAPI
from tests.real_server import (
    KEY,
    URL,
    ask,
    make_metering_policy,
    make_policy,
    recorded_amounts,
    with_real_server,
)
from tests.world import WAIT_S, until
from usageflow.fastapi import FastAPIUsageFlowAPI

from .test_fastapi import Host


@with_real_server
class TheRealServer(unittest.TestCase):
    def serve(self, name: str, app: FastAPI) -> tuple[Host, FastAPIUsageFlowAPI]:
        usage_flow = FastAPIUsageFlowAPI(base_url=URL, application=name)
        self.addCleanup(usage_flow.close)
        usage_flow.init(KEY)
        app.add_middleware(usage_flow.request_interceptor())
        until(lambda: usage_flow.agent.knows_what_holds)
        host = Host(app)
        self.addCleanup(host.stop)
        return host, usage_flow

    def test_limits_and_learns_of_changes(self) -> None:
        name = uuid.uuid4().hex
        policy = make_policy(f"/{name}/*", application=name)
        app = FastAPI()
        app.add_api_route(f"/{name}/users/{{user}}", lambda user: {"user": user})
        host, _ = self.serve(name, app)

        def statuses(user: str) -> list[int]:
            return [host.get(f"/{name}/users/7", x_user_id=user).status for _ in range(4)]

        self.assertEqual(statuses("ada"), [200, 200, 200, 429])
        self.assertEqual(statuses("eve"), [200, 200, 200, 429])
        ask("POST", f"/control/policies/{policy['id']}/archive", {})
        until(lambda: statuses("ada") == [200] * 4)

    def test_records_what_its_rules_make_of_an_answer(self) -> None:
        name = uuid.uuid4().hex
        make_metering_policy(name)
        app = FastAPI()
        app.add_api_route(f"/{name}/chat", lambda: {"usage": {"total_tokens": 12}})
        host, usage_flow = self.serve(name, app)
        for _ in range(3):
            host.get(f"/{name}/chat", x_user_id=name)
        until(lambda: usage_flow.agent.flush(WAIT_S).delivered == 6)
        amounts = recorded_amounts(name)
        self.assertEqual(amounts["AI_TOKEN"], [24] * 3)
        self.assertEqual(sum(amounts["API_CALL"]), 3)  # of one second or of two
