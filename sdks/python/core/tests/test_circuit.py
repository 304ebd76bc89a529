from __future__ import annotations

import unittest

from usageflow.core.client.circuit import Circuit, backoff_s


class TheCircuit(unittest.TestCase):
    def test_waits_twice_as_long_after_each_failure_up_to_30_s_within_half_of_that(self) -> None:
        longest = [backoff_s(failures, 1) for failures in (1, 2, 3, 6, 7, 5_000)]
        self.assertEqual(longest, [0.5, 1, 2, 16, 30, 30])
        self.assertEqual(backoff_s(1, 0), 0.25)

    def test_opens_after_five_failures_probes_after_the_wait_and_closes_by_one_success(
        self,
    ) -> None:
        circuit = Circuit(lambda: 1)
        for _ in range(4):
            circuit.failed(0, 0)
        self.assertEqual(circuit.state(0), "closed")
        circuit.failed(0, 0)
        self.assertEqual((circuit.state(0), circuit.wait_s(0)), ("open", 8))
        self.assertEqual((circuit.state(8), circuit.wait_s(8)), ("half_open", 0))
        circuit.failed(8, 0)
        self.assertEqual(circuit.state(8), "open")
        circuit.succeeded()
        self.assertEqual((circuit.state(8), circuit.wait_s(8)), ("closed", 0))

    def test_waits_as_long_as_the_server_asked_but_comes_back_after_an_hour(self) -> None:
        circuit = Circuit(lambda: 0)
        circuit.failed(0, 7)
        self.assertEqual((circuit.wait_s(0), circuit.asked_wait_s(1)), (7, 6))
        circuit.failed(0, 86_400)
        self.assertEqual(circuit.wait_s(0), 3_600)
