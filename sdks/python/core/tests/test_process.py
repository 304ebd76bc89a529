from __future__ import annotations

import os
import subprocess
import sys
import time
import unittest
from pathlib import Path

from usageflow.core import Stats, UsageFlow

from .world import WAIT_S, World

HOST = str(Path(__file__).with_name("host.py"))
CAN_FORK = hasattr(os, "fork")


class AProcess(World):
    def run_host(self, what: str) -> int:
        variables = {
            **os.environ,
            "USAGEFLOW_API_KEY": "uf_live_secret",
            "USAGEFLOW_URL": self.server.url,
        }
        host = [sys.executable, HOST, what]
        ended = subprocess.run(
            host, env=variables, capture_output=True, timeout=WAIT_S, check=False
        )
        self.assertNotIn(b"secret", ended.stderr)
        return ended.returncode

    def test_that_ends_sends_what_waits_before_it_does(self) -> None:
        self.assertEqual(self.run_host("ends"), 0)
        self.assertEqual(self.server.amounts(), self.once_each(10))

    def test_that_fails_sends_what_waits_before_it_ends(self) -> None:
        self.assertEqual(self.run_host("raises"), 1)
        self.assertEqual(self.server.amounts(), self.once_each(10))

    def test_that_exits_when_it_is_terminated_sends_what_waits(self) -> None:
        self.assertEqual(self.run_host("is terminated"), 0)
        self.assertEqual(self.server.amounts(), self.once_each(10))

    def test_whose_usage_nobody_takes_ends_all_the_same(self) -> None:
        self.server.fault = "no answer"
        start_s = time.monotonic()
        self.assertEqual(self.run_host("ends"), 0)
        self.assertLess(time.monotonic() - start_s, WAIT_S / 2)  # an answer may take twice that
        self.assertEqual(len(self.server.requests), 1)

    @unittest.skipUnless(CAN_FORK, "there is no fork here")
    def test_that_forks_and_its_child_send_each_what_they_tracked_once(self) -> None:
        for what in ("forks", "has a worker"):
            with self.subTest(what):
                self.server.stored.clear()
                self.assertEqual(self.run_host(what), 0)
                self.assertEqual(self.server.amounts(), self.once_each(30))

    @unittest.skipUnless(CAN_FORK, "there is no fork here")
    def test_that_was_forked_begins_with_nothing_and_the_parent_keeps_what_it_has(self) -> None:
        client = self.client(flush_s=3_600)
        self.track_many(client, 5)

        def child() -> Stats:
            at_first = client.stats()
            client.track(name="CHILD", customer_id="user_123", amount=6)
            after = client.close(WAIT_S)
            if at_first.produced == 0 and after.delivered == after.produced == 1:
                return after
            raise AssertionError(at_first, after)

        self.assertEqual(run_forked(child), 0)
        self.expect(client, produced=5, queued=5)
        self.assertEqual(self.server.amounts(), ["6"])
        client.flush(WAIT_S)
        self.assertEqual(self.server.amounts(), self.once_each(6))

    @unittest.skipUnless(CAN_FORK, "there is no fork here")
    def test_that_was_forked_in_the_middle_of_a_call_sends_by_a_thread_of_its_own(self) -> None:
        self.server.fault = "no answer"
        client = self.client(timeout_s=3)
        self.track_many(client, 5)
        self.until(lambda: self.server.requests)
        self.server.fault = "none"

        def child() -> Stats:
            client.track(name="CHILD", customer_id="user_123", amount=6)
            return client.flush(WAIT_S)

        self.assertEqual(run_forked(child), 0)
        self.assertEqual(self.server.amounts(), ["6"])
        self.until(lambda: client.flush(WAIT_S).delivered == 5)
        self.assertEqual(self.server.amounts(), self.once_each(6))

    @unittest.skipUnless(CAN_FORK, "there is no fork here")
    def test_that_was_forked_from_one_that_had_closed_is_closed_too(self) -> None:
        client = UsageFlow("k", self.server.url, on_error=self.errors.append)
        client.close()

        def child() -> None:
            client.track(name="CHILD", customer_id="user_123")
            if client.stats().dropped != 1:
                raise AssertionError(client.stats())

        self.assertEqual(run_forked(child), 0)


def run_forked(child: object) -> int:
    """The status with which a child of this process ends, which does nothing else."""
    assert callable(child)
    process = os.fork()
    if process == 0:
        status = 1
        try:
            child()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
