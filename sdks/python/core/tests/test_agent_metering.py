from __future__ import annotations

import datetime
import json
from typing import Any

from usageflow.core.agent import Agent, Exchange, Outcome, RequestParts, drive
from usageflow.core.agent.decide import Told
from usageflow.core.agent.statistics import Seen, Statistics
from usageflow.core.policy import Identity, bucket_of

from .agent_world import EVERY, AgentWorld
from .control_server import limit, policy
from .test_process import CAN_FORK, run_forked
from .world import WAIT_S, until

TOKENS = "/response/body/usage/total_tokens"


def rule(**changes: Any) -> dict[str, Any]:
    """Of every request that goes well, summed."""
    fields = {"event": "API_CALL", "when": ["2xx"], "captures": [], "isSummable": True}
    return {"id": "mrl_1", **fields, **changes}


class MeteringWorld(AgentWorld):
    def metered(self, *rules: dict[str, Any], **changes: Any) -> Agent:
        changes.setdefault("limits", [])
        return self.agent(policy(metering=list(rules), **changes))

    def request(self, agent: Agent, outcome: Outcome | None = None, **request: Any) -> Exchange:
        """One that has ended."""
        exchange = self.exchange(agent, **request)
        refusal = exchange.refusal
        agent.end(exchange, outcome or Outcome(refusal.status if refusal else 200, "/api/users"))
        return exchange

    def usage(self) -> list[dict[str, Any]]:
        return list(self.server.stored.values())


class Usage(MeteringWorld):
    def test_of_requests_that_are_alike_is_summed(self) -> None:
        agent = self.metered(rule())
        for user in ("ada", "ada", "eve", "ada"):
            self.request(agent, user=user)
        counts = agent.flush(WAIT_S)
        self.assertEqual((counts.produced, counts.delivered, counts.queued), (4, 4, 0))
        told = {each["customerId"]: each for each in self.usage()}
        self.assertEqual(
            {who: each["requests"] for who, each in told.items()}, {"ada": 3, "eve": 1}
        )
        expected = {"ruleId": "mrl_1", "method": "GET", "route": "/api/users", "fields": {}}
        self.assertEqual({name: told["ada"][name] for name in expected}, expected)
        self.assertRegex(told["ada"]["timestamp"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")

    def test_has_the_fields_that_its_rule_reads(self) -> None:
        captures = [TOKENS, "/response/headers/x-model", "/request/params/id", "/metadata/team"]
        agent = self.metered(
            rule(captures=captures, isSummable=False), url="/api/users/:id", limits=[]
        )
        exchange = self.exchange(agent, "/api/users/7")
        headers = {"content-type": "application/json", "x-model": "large"}
        reader = exchange.reader("response", headers)
        assert reader is not None
        body = json.dumps({"usage": {"total_tokens": 12}, "secret": "x"}).encode()
        for at in range(0, len(body), 5):
            reader.push(body[at : at + 5])
        outcome = Outcome(200, "/api/users/:id", headers, metadata={"team": "red", "apiKey": "x"})
        agent.end(exchange, outcome)
        agent.flush(WAIT_S)
        [usage] = self.usage()
        expected = {TOKENS: 12, captures[1]: "large", captures[2]: "7", captures[3]: "red"}
        self.assertEqual(usage["fields"], expected)
        self.assertEqual(usage["metadata"], {"team": "red"})

    def test_is_not_of_whom_nobody_knows_nor_of_what_was_refused_or_of_another_status(self) -> None:
        agent = self.metered(rule(when=["4xx"]), limits=[limit(limit=1)])
        self.request(agent, Outcome(200))
        self.assertEqual(self.status(agent), 429)
        self.request(agent, Outcome(429))
        self.request(agent, Outcome(404), user=None)
        self.assertEqual(agent.flush(WAIT_S).produced, 0)
        until(lambda: sum(row["unmetered"] for row in self.statistics()) == 1)

    def test_of_a_request_counts_when_it_ends_first(self) -> None:
        agent = self.metered(rule())
        exchange = self.request(agent)
        agent.end(exchange, Outcome(200))
        self.assertEqual(agent.flush(WAIT_S).produced, 1)

    def statistics(self) -> list[dict[str, Any]]:
        return [row for each in self.server.said("reports") for row in each.get("statistics", [])]

    def test_is_of_requests_in_the_shadow_of_a_limit_too(self) -> None:
        agent = self.metered(rule(), mode="shadow", limits=[limit(limit=1)])
        for _ in range(3):
            self.request(agent)
        agent.flush(WAIT_S)
        self.assertEqual([each["requests"] for each in self.usage()], [3])

    def test_counts_once_whatever_becomes_of_the_answers(self) -> None:
        agent = self.metered(rule(isSummable=False))
        self.server.fault = "an answer that is lost after the commit"
        for _ in range(5):
            self.request(agent)
        agent.flush(0.1)
        until(lambda: self.errors)
        self.server.fault = "none"
        until(lambda: agent.flush(WAIT_S).delivered == 5)
        self.assertEqual(len(self.usage()), 5)
        self.assertEqual([error.event for error in self.errors if error.event], [])

    def test_waits_while_the_server_is_away_and_is_counted_at_every_instant(self) -> None:
        agent = self.metered(rule())
        self.server.fault = "an error of its own"
        for _ in range(20):
            self.request(agent)
            counts = agent.usage()
            ends = counts.delivered + counts.queued + counts.refused + counts.dropped
            self.assertEqual(counts.produced, ends)
        self.assertEqual(agent.flush(0.1).queued, 20)
        self.server.fault = "none"
        until(lambda: agent.flush(WAIT_S).delivered == 20)
        self.assertEqual([each["requests"] for each in self.usage()], [20])

    def test_is_sent_at_the_end(self) -> None:
        agent = self.metered(rule())
        self.request(agent)
        agent.close(WAIT_S)
        self.assertEqual(len(self.usage()), 1)
        self.assertEqual(agent.usage().queued, 0)

    def test_of_a_process_that_was_forked_is_its_own(self) -> None:
        if not CAN_FORK:
            self.skipTest("there is no fork here")
        agent = self.metered(rule())
        self.request(agent, user="parent")

        def child() -> None:
            self.request(agent, user="child")
            if agent.usage().produced != 1:
                raise AssertionError(agent.usage())
            agent.close(WAIT_S)

        self.assertEqual(run_forked(child), 0)
        agent.flush(WAIT_S)
        self.assertEqual(sorted(each["customerId"] for each in self.usage()), ["child", "parent"])


class Reports(MeteringWorld):
    def reports(self) -> list[dict[str, Any]]:
        return self.server.said("reports")

    def test_count_requests_by_minute_route_and_customer(self) -> None:
        agent = self.metered()
        outcome = Outcome(200, "/api/users", request_bytes=10, response_bytes=100)
        for _ in range(3):
            self.request(agent, outcome)
        self.request(agent, Outcome(None), user=None)
        until(lambda: sum(row["requests"] for row in self.rows("statistics")) == 4)
        known = [row for row in self.rows("statistics") if row["customerId"] == "ada"]
        self.assertEqual(sum(row["responseBytes"] for row in known), 300)
        self.assertEqual(sum(row["statuses"]["200"] for row in known), 3)
        self.assertEqual(sum(sum(row["latency"].values()) for row in known), 3)
        self.assertRegex(known[0]["minute"], r"T\d\d:\d\d:00\.000Z$")
        [gone] = [row for row in self.rows("statistics") if row["customerId"] is None]
        self.assertEqual((gone["route"], gone["statuses"]), (None, {"499": 1}))

    def test_have_numbers_that_grow_by_one_and_say_who_sends_them(self) -> None:
        agent = self.metered(rule())
        for count in (1, 2, 3):
            self.request(agent)
            until(lambda: len(self.reports()) >= count)
        numbers = [report["sequence"] for report in self.reports()]
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)))
        self.assertEqual(len({report["producer"] for report in self.reports()}), 1)
        self.assertRegex(self.reports()[0]["agent"], r"^python python/3\.")
        until(lambda: self.reports()[-1]["usage"]["delivered"] == 3)

    def test_are_sent_again_as_they_are_until_they_are_answered(self) -> None:
        agent = self.metered()
        self.server.fault = "an answer that is lost after the commit"
        self.request(agent)
        until(lambda: len(self.reports()) >= 2)
        self.assertEqual(self.reports()[0], self.reports()[1])

    def test_tell_what_was_refused_and_what_was_decided_without_an_answer(self) -> None:
        agent = self.metered(limits=[limit(limit=1)], withoutAnswer="refuse")
        self.assertEqual([self.status(agent) for _ in range(2)], [200, 429])
        self.server.fault = "an error of its own"
        self.assertEqual(self.status(agent, user="eve"), 503)
        self.server.fault = "none"
        until(lambda: len(self.rows("decisions")) >= 2)
        told = {row["identity"]["id"]: row for row in self.rows("decisions")}
        self.assertEqual(told["ada"]["refused"], 1)
        self.assertEqual(told["eve"]["refusedWithoutAnswer"], 1)
        self.assertEqual((told["ada"]["policyId"], told["ada"]["limit"]), ("pol_1", "hourly"))

    def test_show_five_requests_a_second_and_nothing_of_what_was_in_them(self) -> None:
        agent = self.metered()
        parts = RequestParts(
            headers={"x-user-id": "ada", "user-agent": "curl", "authorization": "Bearer x"},
            query="a=secret&b=2",
            client_address="192.0.2.1",
        )
        for _ in range(20):
            exchange = drive(agent.receive(EVERY, "GET", "/api/users?a=secret&b=2"))
            assert exchange is not None
            drive(agent.decide(exchange, parts))
            agent.end(exchange, Outcome(200, "/api/users"))
        until(lambda: self.rows("samples"))
        samples = self.rows("samples")
        self.assertLessEqual(len(samples), 10)
        self.assertEqual((samples[0]["userAgent"], samples[0]["queryNames"]), ("curl", ["a", "b"]))
        self.assertNotIn("secret", json.dumps(self.reports()))
        self.assertNotIn("Bearer", json.dumps(self.reports()))

    def test_stay_small_however_many_customers_and_routes_there_are(self) -> None:
        statistics = Statistics()
        for number in range(6_000):
            statistics.see(a_request(f"/api/{number}", "ada"))
        for number in range(6_000):
            statistics.see(a_request("/api/0", f"user_{number}"))
        rows: list[dict[str, Any]] = []
        while taken := statistics.take().get("statistics"):
            assert isinstance(taken, list)
            self.assertLess(len(json.dumps(taken)), 500_000)
            rows += taken
        self.assertEqual(sum(row["requests"] for row in rows), 12_000)
        self.assertLessEqual(len({row["route"] for row in rows}), 502)
        self.assertLessEqual(len({row["customerId"] for row in rows}), 2_002)

    def test_tell_callers_apart_as_long_as_a_report_has_room(self) -> None:
        statistics, at = Statistics(), datetime.datetime.now(datetime.timezone.utc)
        for number in range(3_000):
            identity = Identity("customer", f"user_{number}")
            statistics.tell(Told("pol_1", None, "all", "enforce", identity, "refused"), at)
        rows: list[Any] = []
        while taken := statistics.take().get("decisions"):
            assert isinstance(taken, list)
            rows += taken
        self.assertEqual(sum(row["refused"] for row in rows), 3_000)
        self.assertLessEqual(len(rows), 2_002)

    def test_are_not_spoiled_by_a_strange_request(self) -> None:
        agent = self.metered()
        query = "%00=1&" + "&".join(f"{'x' * 200}{each}=1&name_{each}=1" for each in range(1_000))
        strange = RequestParts(headers={"user-agent": "x\0\ud800" * 9_000}, query=query)
        for _ in range(2):
            exchange = drive(agent.receive(EVERY, "M" * 90_000, "/api/users"))
            assert exchange is not None
            drive(agent.decide(exchange, strange))
            agent.end(exchange, Outcome(7, "/api/users", request_bytes=10**18))
        until(lambda: self.rows("samples"))
        sample, *_ = self.rows("samples")
        self.assertEqual((sample["status"], sample["userAgent"]), (499, None))
        self.assertEqual(sample["queryNames"], [f"name_{each}" for each in range(19)])
        for row in [*self.rows("statistics"), *self.rows("samples")]:
            self.assertEqual((row["method"], row["route"]), ("OTHER", None))
            self.assertEqual(row["requestBytes"], 10**12)

    def test_show_no_secret_that_stands_where_names_stand(self) -> None:
        agent = self.metered()
        secret = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.x1y2z3"
        parts = RequestParts(
            headers={"user-agent": f"bot Authorization: Bearer {secret}"}, query=f"{secret}&page=1"
        )
        exchange = drive(agent.receive(EVERY, "GET", "/api/users"))
        assert exchange is not None
        drive(agent.decide(exchange, parts))
        agent.end(exchange, Outcome(200, "/api/users"))
        until(lambda: self.rows("samples"))
        [sample] = self.rows("samples")
        self.assertEqual((sample["userAgent"], sample["queryNames"]), (None, ["page"]))

    def test_are_all_told_at_the_end(self) -> None:
        agent = self.metered()
        for number in range(2_500):
            self.request(agent, user=f"{'x' * 240}{number}")
        agent.close(30)
        self.assertEqual(sum(row["requests"] for row in self.rows("statistics")), 2_500)

    def test_have_the_routes_of_the_framework_once(self) -> None:
        agent = self.metered()
        for _ in range(2):
            agent.learn_routes([("GET", "/api/users/:id")])
        until(lambda: self.rows("routes"))
        agent.learn_routes([("GET", "/api/users/:id"), ("POST", "/api/users")])
        until(lambda: len(self.rows("routes")) == 2)
        self.assertEqual(self.rows("routes")[1], {"method": "POST", "route": "/api/users"})

    def test_count_latencies_in_the_buckets_of_every_language(self) -> None:
        agent = self.metered()
        exchange = self.exchange(agent)
        exchange.started_ns -= 10**9
        agent.end(exchange, Outcome(200))
        until(lambda: self.rows("statistics"))
        [bucket] = self.rows("statistics")[0]["latency"]
        self.assertGreaterEqual(int(bucket), bucket_of(1_000_000))


def a_request(route: str, customer_id: str) -> Seen:
    at = datetime.datetime(2026, 3, 1, tzinfo=datetime.timezone.utc)
    return Seen(at, "GET", route, 200, 1_000, 0, 0, customer_id, "192.0.2.1", None, [], False)
