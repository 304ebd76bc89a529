from __future__ import annotations

import unittest
import uuid

import flask
from tests.real_server import KEY, URL, ask, make_policy, with_real_server
from tests.world import until
from usageflow.flask import FlaskUsageFlowAPI


@with_real_server
class TheRealServer(unittest.TestCase):
    def test_limits_and_learns_of_changes(self) -> None:
        name = uuid.uuid4().hex
        policy = make_policy(f"/{name}/*", application=name)
        app = flask.Flask("shop")
        app.add_url_rule(f"/{name}/users/<user>", view_func=lambda user: {"user": user})
        usage_flow = FlaskUsageFlowAPI(base_url=URL, application=name)
        self.addCleanup(usage_flow.close)
        usage_flow.init(KEY)
        usage_flow.request_interceptor()(app)
        until(lambda: usage_flow.agent.knows_what_holds)
        client = app.test_client()

        def statuses(user: str) -> list[int]:
            headers = {"x-user-id": user}
            return [client.get(f"/{name}/users/7", headers=headers).status_code for _ in range(4)]

        self.assertEqual(statuses("ada"), [200, 200, 200, 429])
        self.assertEqual(statuses("eve"), [200, 200, 200, 429])
        ask("POST", f"/control/policies/{policy['id']}/archive", {})
        until(lambda: statuses("ada") == [200] * 4)
