from __future__ import annotations

import socket
import threading
import time

from usageflow.core.agent import drive

from .agent_world import EVERY, AgentWorld
from .control_server import limit, policy
from .faulty_server import UNANSWERED
from .test_process import CAN_FORK, run_forked
from .world import until

DEADLINE_MS = 100
#: Of one request, on a busy machine; an answer may take 2 s.
REQUEST_S_MAX = 1.5


class AServerThatFails(AgentWorld):
    def test_neither_fails_nor_holds_the_host(self) -> None:
        for fault in UNANSWERED:
            with self.subTest(fault):
                self.setUp()
                agent = self.agent(policy(deadlineMs=DEADLINE_MS))
                self.server.fault = fault
                for number in range(8):
                    start_s = time.monotonic()
                    self.assertEqual(self.status(agent, user=f"user_{number}"), 200)
                    self.assertLess(time.monotonic() - start_s, REQUEST_S_MAX)
                self.doCleanups()

    def test_neither_fails_nor_holds_a_host_that_never_knew_it(self) -> None:
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            refused = f"http://127.0.0.1:{nobody.getsockname()[1]}"
            secured = self.server.url.replace("http:", "https:")
            for url in (refused, secured, "http://nobody.invalid"):
                with self.subTest(url):
                    agent = self.unknowing_agent(base_url=url)
                    start_s = time.monotonic()
                    self.assertEqual(self.statuses(agent, 3), [200] * 3)
                    self.assertLess(time.monotonic() - start_s, REQUEST_S_MAX)
                    until(lambda: self.errors)
                    self.assertNotIn("uf_live_secret", str(self.errors.pop()))

    def test_is_waited_for_no_more_after_five_failures_and_found_again(self) -> None:
        agent = self.agent(policy(deadlineMs=60_000, limits=[limit(limit=1)]))
        self.server.fault = "an error of its own"
        for number in range(5):
            self.assertEqual(self.status(agent, user=f"user_{number}"), 200)
        self.server.fault = "no answer"
        start_s = time.monotonic()
        self.assertEqual(self.statuses(agent, 50), [200] * 50)
        self.assertLess(time.monotonic() - start_s, REQUEST_S_MAX)
        self.server.fault = "none"
        until(lambda: 429 in self.statuses(agent, 2))

    def test_refuses_where_the_policy_wants_it_so_and_knows_no_answer(self) -> None:
        closed = policy(withoutAnswer="refuse", deadlineMs=DEADLINE_MS)
        agent = self.agent(closed, policy(id="pol_2", url="/open"))
        self.server.fault = "no answer"
        refusal = self.exchange(agent).refusal
        assert refusal is not None
        self.assertEqual((refusal.status, refusal.headers["Retry-After"]), (503, "1"))
        self.assertEqual(self.status(agent, "/open"), 200)

    def test_is_left_alone_for_as_long_as_it_asks(self) -> None:
        agent = self.agent(policy(deadlineMs=60_000))
        self.server.fault = "please later, in an hour"
        self.assertEqual(self.statuses(agent, 20), [200] * 20)
        self.assertEqual(len(self.server.said("leases")), 1)

    def test_comes_and_goes_and_the_host_answers_all_the_while(self) -> None:
        agent = self.agent(policy(deadlineMs=DEADLINE_MS, limits=[limit(limit=2)]))
        for number in range(30):
            self.server.fault = ("none", "an error of its own", "a connection that is reset")[
                number % 3
            ]
            self.assertEqual(self.status(agent, user=f"user_{number}"), 200)
        self.server.fault = "none"
        until(lambda: 429 in self.statuses(agent, 3))

    def test_leaves_what_was_known_in_force(self) -> None:
        agent = self.agent(policy(limits=[limit(limit=2)]))
        self.assertEqual(self.status(agent), 200)
        self.server.stop()
        self.assertEqual(self.statuses(agent, 1), [200])

    def test_that_answers_late_has_lent_all_the_same(self) -> None:
        agent = self.agent(policy(deadlineMs=1, limits=[limit(limit=1)]))
        self.server.fault = "waits"
        self.assertEqual(self.status(agent), 200)
        self.server.go_on.set()
        until(lambda: 429 in self.statuses(agent, 2))


class ABugOfOurs(AgentWorld):
    def test_passes_the_request_and_tells_nothing_of_it(self) -> None:
        agent = self.agent(policy())
        agent._limiter.spend = None  # type: ignore[method-assign, assignment]
        self.assertEqual(self.status(agent, user="ada-secret"), 200)
        self.assertEqual([error.code for error in self.errors], ["agent.failed"])
        self.assertNotIn("secret", str(self.errors))


class AProcessThatWasForked(AgentWorld):
    def test_limits_by_the_rules_of_its_parent_with_leases_of_its_own(self) -> None:
        if not CAN_FORK:
            self.skipTest("there is no fork here")
        agent = self.agent(policy(deadlineMs=60_000, limits=[limit(limit=10)]))
        self.server.slice = 4
        self.assertEqual(self.statuses(agent, 2), [200] * 2)

        def child() -> None:
            statuses = self.statuses(agent, 2)
            if statuses != [200, 200] or threading.active_count() < 2:
                raise AssertionError(statuses)
            agent.close()

        self.assertEqual(run_forked(child), 0)
        self.assertEqual(len({call["holder"] for call in self.server.said("leases")}), 2)
        statuses = self.statuses(agent, 10)
        self.assertEqual(statuses.count(200), 6)

    def test_in_the_middle_of_a_call_has_threads_of_its_own(self) -> None:
        if not CAN_FORK:
            self.skipTest("there is no fork here")
        agent = self.agent(policy(deadlineMs=60_000))
        self.server.fault = "waits"
        waiting = threading.Thread(target=self.status, args=(agent,))
        waiting.start()
        until(lambda: self.server.said("leases"))
        self.server.fault = "none"

        def child() -> None:
            if drive(agent.receive(EVERY, "GET", "/")) is None or self.status(agent) != 200:
                raise AssertionError

        self.assertEqual(run_forked(child), 0)
        self.server.go_on.set()
        waiting.join()
