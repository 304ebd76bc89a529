from __future__ import annotations

import socket
import time

from .faulty_server import UNANSWERED
from .world import WAIT_S, World

TIMEOUT_S = 0.4
TRACK_S_MAX = 5.0  # thirty calls; whoever waited for answers would take twice that


class AServerThatFails(World):
    def test_neither_holds_nor_hurts_the_host_and_every_event_is_there_once_in_the_end(
        self,
    ) -> None:
        for fault in UNANSWERED:
            with self.subTest(fault):
                self.setUp()
                client = self.client(timeout_s=TIMEOUT_S)
                self.server.fault = fault

                start_s = time.monotonic()
                self.track_many(client, 30)
                self.assertLess(time.monotonic() - start_s, TRACK_S_MAX)

                self.until(lambda: self.errors)
                self.expect(client, produced=30, delivered=0, queued=30, dropped=0)
                self.assertEqual(self.errors[0].kind, "unavailable")

                self.server.fault = "none"
                self.until(lambda: client.flush(WAIT_S).delivered == 30)
                self.expect(client, produced=30, delivered=30, queued=0)
                self.assertEqual(self.server.amounts(), self.once_each(30))
                client.close(0.001)

    def test_is_not_there_or_speaks_no_tls_and_what_cannot_be_sent_is_counted(self) -> None:
        for url in (
            "http://127.0.0.1:1",
            "http://nowhere.invalid",
            self.server.url.replace("http:", "https:"),
        ):
            with self.subTest(url):
                self.errors.clear()
                client = self.client(base_url=url)
                self.track_many(client, 30)
                self.until(lambda: self.errors)
                self.expect(client, produced=30, queued=30)
                client.close(0.05)
                self.expect(client, produced=30, queued=0, dropped=30)
                self.assertEqual((self.errors[-1].kind, self.errors[-1].count), ("dropped", 30))

    def test_takes_a_connection_and_never_reads_and_holds_nobody(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"http://127.0.0.1:{silent.getsockname()[1]}"
            client = self.client(base_url=url, timeout_s=TIMEOUT_S, flush_s=3_600)
            for _ in range(200):
                client.track(name="API_CALL", customer_id="a", metadata={"x": "y" * 20_000})
            client.flush(TIMEOUT_S * 3)
            self.until(lambda: self.errors)
            self.expect(client, produced=200, queued=200)

    def test_sends_a_byte_a_second_and_is_left_when_the_time_for_the_whole_call_is_over(
        self,
    ) -> None:
        for fault in (
            "an answer of one byte a second",
            "the head of an answer of one byte a second",
        ):
            with self.subTest(fault):
                self.errors.clear()
                self.server.fault = fault
                client = self.client(timeout_s=2.5, flush_s=3_600)
                self.track_many(client, 1)
                start_s = time.monotonic()
                client.flush(0.001)
                self.until(lambda: self.errors)
                # By one operation at a time it would take as long as the answer has bytes.
                self.assertGreater(time.monotonic() - start_s, 2.4)
                self.assertRegex(str(self.errors[0]), "^There was no answer within 2.5 s")
                client.close(0.001)

    def test_answers_with_100_mb_which_are_not_read(self) -> None:
        self.server.fault = "an answer of 100 MB"
        client = self.client(flush_s=3_600)
        self.track_many(client, 1)
        client.flush(0.1)
        self.until(lambda: self.errors)
        self.assertRegex(str(self.errors[0]), "longer than any that makes sense")
        self.assertLess(self.server.sent_bytes, 30_000_000)

    def test_asks_to_be_left_alone_for_a_second_and_is_left_alone_for_a_second(self) -> None:
        self.server.fault = "please later, in a second"
        client = self.client()
        self.track_many(client, 3)
        self.until(lambda: self.errors)
        self.server.fault = "none"
        self.until(lambda: client.flush(WAIT_S).delivered == 3)
        first, second = self.server.requests[:2]
        self.assertGreaterEqual(second.at_s - first.at_s, 1.0)

    def test_asks_to_be_left_alone_for_an_hour_and_is_not_asked_again_even_at_the_end(self) -> None:
        self.server.fault = "please later, in an hour"
        client = self.client()
        self.track_many(client, 3)
        self.until(lambda: self.errors)
        client.flush(0.3)
        self.expect(client, queued=3, delivered=0)
        client.close(0.3)
        self.assertEqual(len(self.server.requests), 1)

    def test_takes_small_requests_only_and_gets_small_requests(self) -> None:
        self.server.fault = "only small requests"
        client = self.client(flush_s=3_600)
        self.track_many(client, 30)
        client.flush(WAIT_S)
        self.expect(client, delivered=30, refused=0)
        self.assertEqual(self.server.amounts(), self.once_each(30))

    def test_says_of_events_that_come_again_after_a_lost_answer_that_it_has_them(self) -> None:
        self.server.fault = "an answer that is lost after the commit"
        client = self.client(flush_s=3_600)
        self.track_many(client, 5)
        client.flush(0.1)
        self.until(lambda: self.errors)
        self.server.fault = "none"
        self.until(lambda: client.flush(WAIT_S).delivered == 5)
        self.expect(client, delivered=5, duplicates=5)
