from __future__ import annotations

import unittest
import uuid

import flask
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
from usageflow.flask import FlaskUsageFlowAPI


@with_real_server
class TheRealServer(unittest.TestCase):
    def serve(self, name: str, app: flask.Flask) -> FlaskUsageFlowAPI:
        usage_flow = FlaskUsageFlowAPI(base_url=URL, application=name)
        self.addCleanup(usage_flow.close)
        usage_flow.init(KEY)
        usage_flow.request_interceptor()(app)
        until(lambda: usage_flow.agent.knows_what_holds)
        return usage_flow

    def test_limits_and_learns_of_changes(self) -> None:
        name = uuid.uuid4().hex
        policy = make_policy(f"/{name}/*", application=name)
        app = flask.Flask("shop")
        app.add_url_rule(f"/{name}/users/<user>", view_func=lambda user: {"user": user})
        self.serve(name, app)
        client = app.test_client()

        def statuses(user: str) -> list[int]:
            headers = {"x-user-id": user}
            return [client.get(f"/{name}/users/7", headers=headers).status_code for _ in range(4)]

        self.assertEqual(statuses("ada"), [200, 200, 200, 429])
        self.assertEqual(statuses("eve"), [200, 200, 200, 429])
        ask("POST", f"/control/policies/{policy['id']}/archive", {})
        until(lambda: statuses("ada") == [200] * 4)

    def test_records_what_its_rules_make_of_an_answer(self) -> None:
        name = uuid.uuid4().hex
        make_metering_policy(name)
        app = flask.Flask("shop")
        app.add_url_rule(f"/{name}/chat", view_func=lambda: {"usage": {"total_tokens": 12}})
        usage_flow = self.serve(name, app)
        for _ in range(3):
            app.test_client().get(f"/{name}/chat", headers={"x-user-id": name}).close()
        counts = usage_flow.agent.flush(WAIT_S)
        self.assertEqual((counts.produced, counts.delivered), (6, 6))
        amounts = recorded_amounts(name)
        self.assertEqual(amounts["AI_TOKEN"], [24] * 3)
        self.assertEqual(sum(amounts["API_CALL"]), 3)  # of one second or of two
