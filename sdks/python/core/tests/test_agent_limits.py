from __future__ import annotations

import asyncio
import datetime
import json
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor

from usageflow.core.agent import RequestParts, drive, drive_in_loop, read_coverage
from usageflow.core.agent.options import read_application

from .agent_world import EVERY, AgentWorld
from .control_server import STRATEGIES, limit, policy
from .world import until


class Limits(AgentWorld):
    def test_pass_as_many_requests_of_each_customer_as_they_say(self) -> None:
        agent = self.agent(policy())
        self.assertEqual(self.statuses(agent, 4), [200, 200, 200, 429])
        self.assertEqual(self.statuses(agent, 4, user="eve"), [200, 200, 200, 429])

    def test_tell_callers_apart_by_network_where_nobody_is_known(self) -> None:
        agent = self.agent(policy(limits=[limit(limit=1)]))
        self.assertEqual(self.statuses(agent, 2, user=None), [200, 429])
        self.assertEqual(self.statuses(agent, 2, user=None, address="198.51.100.1"), [200, 429])

    def test_hold_all_together_where_they_are_shared(self) -> None:
        agent = self.agent(policy(limits=[limit(limit=2, per="all")]))
        statuses = [self.status(agent, user=user) for user in ("ada", "eve", "bob")]
        self.assertEqual(statuses, [200, 200, 429])
        self.assertEqual(self.server.said("leases")[0]["ask"][0]["identity"], None)

    def test_are_told_in_headers_and_in_the_body_of_a_refusal(self) -> None:
        agent = self.agent(policy(limits=[limit(limit=1)]))
        headers = self.exchange(agent).headers
        self.assertEqual(headers["RateLimit-Policy"], '"hourly";q=1;w=3600')
        self.assertRegex(headers["RateLimit"], r'^"hourly";r=0;t=\d+$')
        refusal = self.exchange(agent).refusal
        assert refusal is not None
        self.assertEqual(refusal.headers["content-type"], "application/problem+json")
        self.assertGreaterEqual(int(refusal.headers["Retry-After"]), 6)
        self.assertEqual(json.loads(refusal.body)["violated-policies"], ["hourly"])

    def test_of_a_month_say_when_it_ends(self) -> None:
        agent = self.agent(policy(limits=[limit(window=None, period="month")]))
        headers = self.exchange(agent).headers
        self.assertEqual(headers["RateLimit-Policy"], '"hourly";q=3;w=2678400')
        now = datetime.datetime.now(datetime.timezone.utc)
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        first = (midnight.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)
        told_s = int(headers["RateLimit"].partition("t=")[2])
        self.assertLess(abs(told_s - (first - now).total_seconds()), 60)
        self.assertEqual(self.statuses(agent, 3), [200, 200, 429])

    def test_cost_nothing_where_another_one_refuses(self) -> None:
        narrow = limit(name="narrow", limit=1)
        wide = policy(limits=[limit(limit=3, per="all"), narrow])
        agent = self.agent(wide)
        self.assertEqual(self.statuses(agent, 3, user="ada"), [200, 429, 429])
        self.assertEqual([self.status(agent, user=user) for user in "bcd"], [200, 200, 429])

    def test_hold_for_whoever_came_at_once_from_many_threads(self) -> None:
        self.server.slice = 3
        agent = self.agent(policy(deadlineMs=60_000, limits=[limit(limit=20)]))
        with ThreadPoolExecutor(25) as threads:
            statuses = list(threads.map(lambda _: self.status(agent), range(75)))
        self.assertEqual((statuses.count(200), statuses.count(429)), (20, 55))

    def test_of_sliding_windows_are_decided_by_the_server_each_time(self) -> None:
        agent = self.agent(policy(limits=[limit(algorithm="sliding_window", limit=2)]))
        self.assertEqual(self.statuses(agent, 3), [200, 200, 429])
        self.assertEqual(len(self.server.said("leases")), 3)

    def test_that_are_lent_are_not_spent_by_what_a_sliding_window_refuses(self) -> None:
        sliding = limit(name="sliding", algorithm="sliding_window", limit=1)
        agent = self.agent(policy(limits=[limit(limit=10), sliding]))
        self.assertEqual(self.statuses(agent, 5), [200, 429, 429, 429, 429])
        agent.close()
        lent = {name: units for name, units in self.server.lent.items() if "hourly" in name}
        self.assertEqual(list(lent.values()), [1])

    def test_are_not_spent_at_a_sliding_window_for_what_another_one_refuses(self) -> None:
        together = limit(name="together", algorithm="sliding_window", limit=8, per="all")
        agent = self.agent(policy(deadlineMs=60_000, limits=[limit(limit=2), together]))
        with ThreadPoolExecutor(20) as threads:
            statuses = list(threads.map(lambda _: self.status(agent), range(60)))
        self.assertEqual((statuses.count(200), statuses.count(429)), (2, 58))
        passed = [self.statuses(agent, 3, user=user).count(200) for user in "bcde"]
        self.assertEqual(passed, [2, 2, 2, 0])

    def test_in_code_hold_beside_those_of_policies(self) -> None:
        rate_limits = {"GET /api/users": {"limit": 2, "window": "1h"}}
        agent = self.agent(policy(limits=[]), rate_limits=rate_limits)
        until(lambda: self.status(agent, user="first") == 200)  # its deadline is 50 ms
        self.assertEqual(self.status(agent, method="POST"), 200)
        until(lambda: self.status(agent) == 429)
        asks = [ask for call in self.server.said("leases") for ask in call["ask"]]
        expected = {"pattern": "GET /api/users", "limit": 2, "window": "1h"}
        self.assertEqual(asks[0]["limit"], {**expected, "algorithm": "fixed_window"})

    def test_of_a_policy_in_the_shadow_pass_everything_and_wait_for_nobody(self) -> None:
        agent = self.agent(policy(mode="shadow", limits=[limit(limit=1)]))
        until(lambda: self.status(agent) == 200 and self.shadow_refusals() > 0)
        self.assertEqual(self.exchange(agent).headers, {})
        self.server.fault = "no answer"
        self.assertEqual(self.statuses(agent, 3, user="eve"), [200] * 3)

    def shadow_refusals(self) -> int:
        rows = [row for each in self.server.said("reports") for row in each.get("decisions", [])]
        return sum(row["refused"] for row in rows if row["mode"] == "shadow")

    def test_by_balance_pass_by_units_then_say_what_to_do_and_not_when_to_come_again(self) -> None:
        self.server.slice = 15
        balance = {"algorithm": "balance", "meter": "AI_TOKEN", "unitsPerRequest": 5}
        left = limit(name="left", limit=15, **balance)
        agent = self.agent(policy(deadlineMs=60_000, limits=[left, limit(limit=100)]))
        self.assertEqual(self.statuses(agent, 4), [200, 200, 200, 402])
        asks = [ask for call in self.server.said("leases") for ask in call["ask"]]
        needed = {ask["limit"]["name"]: ask["needed"] for ask in asks}
        self.assertEqual(needed, {"left": 5, "hourly": 1})
        exchange = self.exchange(agent)
        refusal = exchange.refusal
        assert refusal is not None
        self.assertNotIn("Retry-After", refusal.headers)
        self.assertNotIn("left", refusal.headers.get("RateLimit", ""))
        said = json.loads(refusal.body)
        self.assertEqual((refusal.status, said["status"]), (402, 402))
        self.assertEqual(said["violated-policies"], ["left"])
        self.assertIn('Nothing is left of "AI_TOKEN" for customer "ada"', said["detail"])
        nobody = self.exchange(agent, user=None, address="198.51.100.9")
        self.assertTrue(nobody.refusal is None or nobody.refusal.status == 402)

    def test_by_balance_are_not_told_in_headers_and_refuse_before_a_window(self) -> None:
        balance = {"algorithm": "balance", "meter": "AI_TOKEN", "limit": 1}
        agent = self.agent(policy(deadlineMs=60_000, limits=[limit(**{**balance, "name": "left"})]))
        self.assertEqual(self.exchange(agent).headers, {})
        self.assertEqual(self.status(agent), 402)
        window = limit(name="none", limit=1)
        self.server.set_document([policy(limits=[limit(**{**balance, "name": "left"}), window])])
        until(lambda: "none" in str(self.server.said("leases")) or self.status(agent) != 402)
        self.assertEqual(self.status(agent), 402)

    def test_of_a_kind_that_is_not_known_hold_for_nothing_and_are_told_once(self) -> None:
        strange = limit(name="moon", algorithm="moon_phase")
        agent = self.agent(policy(limits=[strange, limit(limit=1)]))
        self.assertEqual(self.statuses(agent, 2), [200, 429])
        self.server.set_document([policy(limits=[strange])])
        until(lambda: self.status(agent) == 200)
        self.assertEqual([error.code for error in self.errors], ["agent.not_understood"])
        self.assertIn("moon", self.errors[0].message)

    def test_change_while_the_host_runs(self) -> None:
        agent = self.agent(policy())
        self.assertEqual(self.status(agent), 200)
        self.server.set_document([policy(limits=[limit(name="none", limit=1)])])
        until(lambda: 429 in self.statuses(agent, 2))

    def test_of_what_this_version_does_not_understand_are_left_out_and_told(self) -> None:
        strange = policy(id="pol_2", url="/a/*/b")
        agent = self.agent(strange, policy(limits=[limit(limit=1)]))
        self.assertEqual(self.statuses(agent, 2), [200, 429])
        self.assertEqual([error.code for error in self.errors], ["agent.not_understood"])

    def test_that_are_known_are_spent_where_another_has_no_answer(self) -> None:
        """The one of a year was lent before the server fell silent, the one of an hour was not."""
        yearly = limit(name="yearly", window="365d", limit=2, per="all")
        agent = self.agent(policy(deadlineMs=60_000, limits=[yearly, limit(limit=100)]))
        self.assertEqual(self.status(agent, user="ada"), 200)
        self.server.fault = "an error of its own"
        self.assertEqual(self.status(agent, user="eve"), 200)
        self.server.fault = "none"
        agent.close()
        lent = {name: units for name, units in self.server.lent.items() if "yearly" in name}
        self.assertEqual(list(lent.values()), [2])

    def test_that_the_server_does_not_know_are_not_asked_for_over_and_over(self) -> None:
        agent = self.agent(policy(deadlineMs=60_000))
        self.server.fault = "limits that it does not know"
        self.assertEqual(self.statuses(agent, 20), [200] * 20)
        self.assertLessEqual(len(self.server.said("leases")), 3)
        self.server.fault = "none"
        until(lambda: 429 in self.statuses(agent, 4))

    def test_of_sliding_windows_that_the_server_does_not_know_are_asked_for_once_in_a_while(
        self,
    ) -> None:
        sliding = limit(algorithm="sliding_window")
        agent = self.agent(policy(deadlineMs=60_000, limits=[sliding]))
        self.server.fault = "limits that it does not know"
        self.assertEqual(self.statuses(agent, 50), [200] * 50)
        self.assertLessEqual(len(self.server.said("leases")), 10)

    def test_of_sliding_windows_are_not_asked_for_those_who_wait_no_longer(self) -> None:
        sliding = limit(algorithm="sliding_window", limit=1_000)
        agent = self.agent(policy(deadlineMs=50, limits=[sliding]))
        self.server.fault = "waits"
        self.assertEqual(self.status(agent, user="ada"), 200)
        until(lambda: self.asked_for() == {"ada"})
        self.assertEqual(self.status(agent, user="eve"), 200)
        self.server.go_on.set()
        self.server.fault = "none"
        until(lambda: self.status(agent, user="bob") == 200 and "bob" in self.asked_for())
        self.assertNotIn("eve", self.asked_for())

    def asked_for(self) -> set[str]:
        calls = self.server.said("leases")
        return {ask["identity"]["id"] for call in calls for ask in call["ask"]}


class Leases(AgentWorld):
    def test_that_are_used_up_are_settled_with_the_next_call(self) -> None:
        self.server.slice = 2
        agent = self.agent(policy(limits=[limit(limit=100)]))
        self.statuses(agent, 5)
        settled = [each for call in self.server.said("leases") for each in call["settle"]]
        self.assertTrue(all(each["used"] == 2 for each in settled))
        self.assertGreaterEqual(len(settled), 1)
        self.assertEqual(len({each["id"] for each in settled}), len(settled))

    def test_that_end_flow_back(self) -> None:
        agent = self.agent(policy(limits=[limit(limit=100)]))
        self.status(agent)
        until(lambda: list(self.server.lent.values()) == [1])

    def test_flow_back_at_the_end_of_the_process(self) -> None:
        agent = self.agent(policy(limits=[limit(limit=100)]))
        self.status(agent)
        agent.close()
        self.assertEqual(list(self.server.lent.values()), [1])

    def test_flow_back_if_they_were_lent_while_the_process_ended(self) -> None:
        agent = self.agent(policy(mode="shadow", limits=[limit(limit=100)]))
        self.server.fault = "an answer of one byte a second"
        self.status(agent)
        until(lambda: list(self.server.lent.values()) == [100])
        self.server.fault = "none"
        agent.close()
        self.assertEqual(list(self.server.lent.values()), [0])

    def test_are_asked_for_by_one_call_at_a_time(self) -> None:
        agent = self.agent(policy(deadlineMs=60_000))
        self.server.fault = "waits"
        with ThreadPoolExecutor(30) as threads:
            asked = [
                threads.submit(self.status, agent, user=f"user_{number}") for number in range(30)
            ]
            until(lambda: self.server.said("leases"))
            self.server.go_on.set()
            self.assertEqual({each.result() for each in asked}, {200})
        self.assertEqual(self.server.at_once_max, 1)
        self.assertLess(len(self.server.said("leases")), 30)


class WhatIsOurs(AgentWorld):
    def test_is_what_the_routes_cover_and_no_exception_exempts(self) -> None:
        agent = self.agent(policy())
        coverage = read_coverage(
            [{"method": "GET", "url": "/api/*"}], [{"method": "GET", "url": "/api/health"}]
        )

        def is_ours(method: str, target: str) -> bool:
            return drive(agent.receive(coverage, method, target)) is not None

        self.assertTrue(is_ours("GET", "/api/users"))
        self.assertFalse(is_ours("POST", "/api/users"))
        self.assertFalse(is_ours("GET", "/other"))
        self.assertFalse(is_ours("GET", "/api/health"))
        self.assertTrue(is_ours("GET", "/api/health/"))

    def test_is_limited_by_policies_whose_pattern_covers_the_template_alone(self) -> None:
        agent = self.agent(policy(url="/users/:id", limits=[limit(limit=1)]))

        def refusal() -> object:
            exchange = drive(agent.receive(EVERY, "GET", "/mounted/users/7", "/users/:id"))
            assert exchange is not None
            drive(agent.decide(exchange, RequestParts({"x-user-id": "ada"})))
            return exchange.refusal

        self.assertIsNone(refusal())
        self.assertIsNotNone(refusal())


class Blocks(AgentWorld):
    def test_hold_customers_and_networks(self) -> None:
        blocks = [
            {"kind": "customer", "id": "ada", "until": None},
            {"kind": "network", "id": "198.51.100.1", "until": None},
        ]
        agent = self.agent(policy(), blocks=blocks)
        self.assertEqual(self.status(agent), 403)
        self.assertEqual(self.status(agent, user="eve"), 200)
        self.assertEqual(self.status(agent, user="eve", address="198.51.100.1"), 403)
        self.assertEqual(self.status(agent, "/other", address="198.51.100.1"), 403)
        self.assertEqual(self.status(agent, "/other"), 200)

    def test_are_over_when_the_server_says_by_its_own_clock(self) -> None:
        until_text = {"past": "2020-01-01T00:00:00Z", "ahead": "2020-01-01T02:00:00.5+00:00"}
        blocks = [
            {"kind": "customer", "id": who, "until": when} for who, when in until_text.items()
        ]
        self.server.set_document([policy()])
        agent = self.agent(policy(), blocks=blocks)
        self.server.set_document(
            [policy()], strategies=STRATEGIES, blocks=blocks, now="2020-01-01T01:00:00Z"
        )
        until(lambda: self.status(agent, user="ahead") == 403)
        self.assertEqual(self.status(agent, user="past"), 200)


class AHostWithALoop(AgentWorld):
    def test_goes_on_while_a_request_waits(self) -> None:
        agent = self.agent(policy(deadlineMs=1_000))
        self.server.fault = "waits"

        async def serve() -> object:
            exchange = await drive_in_loop(agent.receive(EVERY, "GET", "/api/users"))
            assert exchange is not None
            await drive_in_loop(agent.decide(exchange, RequestParts({"x-user-id": "ada"})))
            return exchange.refusal

        async def host() -> None:
            served = asyncio.ensure_future(serve())
            while not self.server.said("leases"):
                await asyncio.sleep(0.001)  # who holds the loop never gets here
            self.assertFalse(served.done())
            self.server.go_on.set()
            self.assertIsNone(await served)

        asyncio.run(host())

    def test_may_cancel_one_who_waits_and_the_others_go_on(self) -> None:
        agent = self.agent(policy(deadlineMs=60_000))
        self.server.fault = "waits"

        async def serve() -> None:
            exchange = await drive_in_loop(agent.receive(EVERY, "GET", "/api/users"))
            assert exchange is not None
            await drive_in_loop(agent.decide(exchange, RequestParts({"x-user-id": "ada"})))

        async def host() -> None:
            one, other = asyncio.ensure_future(serve()), asyncio.ensure_future(serve())
            while not self.server.said("leases"):
                await asyncio.sleep(0.001)
            one.cancel()
            await asyncio.sleep(0.01)
            self.server.go_on.set()
            await other
            self.assertTrue(one.cancelled())

        asyncio.run(host())


    def test_keeps_nothing_for_one_who_is_cancelled(self) -> None:
        sliding = limit(name="sliding", algorithm="sliding_window", limit=10)
        agent = self.agent(policy(deadlineMs=60_000, limits=[limit(limit=2), sliding]))
        self.assertEqual(self.status(agent), 200)
        self.server.fault = "waits"

        async def serve() -> None:
            exchange = await drive_in_loop(agent.receive(EVERY, "GET", "/api/users"))
            assert exchange is not None
            await drive_in_loop(agent.decide(exchange, RequestParts({"x-user-id": "ada"})))

        async def host() -> None:
            asked = len(self.server.said("leases"))
            served = asyncio.ensure_future(serve())
            while len(self.server.said("leases")) == asked:
                await asyncio.sleep(0.001)
            served.cancel()
            await asyncio.wait([served])

        asyncio.run(host())
        self.server.fault = "none"
        self.server.go_on.set()
        self.assertEqual(self.statuses(agent, 2), [200, 429])


class AnAgentWithoutAKey(AgentWorld):
    def test_passes_everything_and_says_so_once(self) -> None:
        agent = self.unknowing_agent()
        for key, url in ((None, self.server.url), ("k", None), ("k", "ftp://x")):
            with self.subTest(key=key, url=url):
                self.errors.clear()
                agent = type(agent)(key, url, on_error=self.errors.append)
                for _ in range(3):
                    self.assertIsNone(drive(agent.receive(EVERY, "GET", "/api/users")))
                agent.start()
                agent.close()
                self.assertEqual([error.kind for error in self.errors], ["config"])

    def test_has_no_thread(self) -> None:
        before = threading.active_count()
        agent = type(self.unknowing_agent())(None, None, on_error=self.errors.append)
        agent.start()
        self.assertEqual(threading.active_count(), before)


class ANameOfAnApplication(unittest.TestCase):
    def test_is_as_long_as_the_server_takes(self) -> None:
        named = {
            "shop": "shop",
            "a" * 101: "a" * 100,
            "a\0\ud800b": "a\ufffd\ufffdb",
            "a" + "😀" * 60: "a" + "😀" * 49 + "\ufffd",
        }
        for given, taken in named.items():
            self.assertEqual(read_application(given), taken)
