from __future__ import annotations

import datetime
import gc
import logging
import os
import threading
import time
import unittest
from typing import Any
from unittest import mock

from usageflow.core import UsageFlow, UsageFlowError

from .world import CUSTOMER, WAIT_S, World

EVENT: dict[str, Any] = {"name": "API_CALL", "customer_id": CUSTOMER}
NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.timezone.utc)


class Track(World):
    def test_sends_what_is_gathered_at_the_next_flush_together_without_being_told_to(self) -> None:
        client = self.client(flush_s=0.5)
        self.track_many(client, 120)
        self.until(lambda: client.stats().delivered == 120)
        self.assertEqual(self.server.amounts(), self.once_each(120))
        self.assertLessEqual(len(self.server.requests), 3)

    def test_sends_as_soon_as_a_batch_is_full_in_batches_of_that_size(self) -> None:
        client = self.client(flush_s=3_600, batch_events_max=40)
        self.track_many(client, 80)
        self.until(lambda: client.stats().delivered == 80)
        self.assertLessEqual(max(request.events for request in self.server.requests), 40)
        self.assertEqual(self.server.amounts(), self.once_each(80))

    def test_sends_when_told_to_by_somebody_who_does_not_wait(self) -> None:
        client = self.client(flush_s=3_600)
        self.track_many(client, 3)
        client.flush(0)
        self.until(lambda: client.stats().delivered == 3)

    def test_reports_what_is_no_event_and_does_not_raise(self) -> None:
        client: Any = self.client()
        client.track()
        client.track("API_CALL", CUSTOMER)
        client.track(**EVENT, amount=-1)
        client.track(**EVENT, typo=1)
        client.track(**EVENT, metadata={"a": object()})
        codes = [(error.kind, error.code) for error in self.errors]
        self.assertEqual(codes, [("invalid", "client.invalid_event")] * 5)
        self.expect(client, produced=5, refused=5, queued=0)

    def test_reports_what_the_server_refuses_and_its_neighbours_are_recorded(self) -> None:
        client = self.client(flush_s=3_600)
        self.track_many(client, 3)
        client.track(**EVENT, amount=77, timestamp="2001-01-01T00:00:00Z")
        client.flush(WAIT_S)
        self.expect(client, produced=4, delivered=3, refused=1, queued=0)
        [error] = self.errors
        self.assertEqual((error.kind, error.code), ("refused", "usage.timestamp_too_old"))
        self.assertEqual(error.event and error.event["amount"], "77")
        self.assertEqual(len(self.server.requests), 1)

    def test_saves_the_others_from_one_event_that_makes_a_request_unreadable(self) -> None:
        client = self.client(flush_s=3_600)
        self.track_many(client, 6)
        client.track(**EVENT, amount=77, metadata={"deep": 1})
        client.flush(WAIT_S)
        self.expect(client, produced=7, delivered=6, refused=1, queued=0)
        self.assertEqual([error.code for error in self.errors], ["json.depth"])
        self.assertEqual(self.server.amounts(), self.once_each(6))

    def test_drops_and_counts_beyond_the_bound_and_tells_so_together(self) -> None:
        self.server.fault = "no answer"
        client = self.client(queue_events_max=50, flush_s=3_600)
        self.track_many(client, 80)
        self.expect(client, produced=80, queued=50, dropped=30)
        client.close(0.001)
        told = [error for error in self.errors if error.kind == "dropped"]
        self.assertEqual(sum(error.count for error in told), 80)
        self.assertLessEqual(len(told), 3)

    def test_counts_a_repeat_with_a_key_of_its_own_once(self) -> None:
        client = self.client()
        for _ in range(3):
            client.track(**EVENT, amount=9, idempotency_key="order-1", timestamp=NOON)
        client.flush(WAIT_S)
        self.expect(client, delivered=3, duplicates=2)
        self.assertEqual(self.server.amounts(), ["9"])

    def test_is_not_harmed_by_a_listener_that_raises(self) -> None:
        client = self.client(on_error=mock.Mock(side_effect=RuntimeError("raised")))
        client.track(name="", customer_id="a")
        self.expect(client, refused=1)

    def test_warns_who_listens_to_nothing_and_not_for_every_event(self) -> None:
        client = self.client(on_error=None)
        with self.assertLogs("usageflow", logging.WARNING) as logs:
            for _ in range(5):
                client.track(name="", customer_id="a")
        self.assertRegex("\n".join(logs.output), r"^WARNING:usageflow:name: .*invalid_event\)$")

    def test_is_exact_at_every_instant_while_threads_track_send_and_flush(self) -> None:
        client = self.client(queue_events_max=200, batch_events_max=30, timeout_s=2)
        is_over = threading.Event()
        wrong: list[object] = []

        def look() -> None:
            while not is_over.is_set():
                stats = client.stats()
                ends = stats.delivered + stats.queued + stats.refused + stats.dropped
                if stats.produced != ends or stats.queued < 0:
                    wrong.append(stats)

        def track(number: int) -> None:
            for call in range(300):
                client.track(**EVENT, amount=-1 if call % 7 == 0 else number)

        def send() -> None:
            for call in range(20):
                try:
                    client.send(**EVENT, amount=-1 if call % 7 == 0 else 1, deadline_s=0.1)
                except UsageFlowError:
                    pass

        def misbehave() -> None:
            for fault in ("a connection that is reset", "an answer that is lost after the commit"):
                self.server.fault = fault
                client.flush(0.2)
            self.server.fault = "none"

        looker = threading.Thread(target=look)
        looker.start()
        work = [threading.Thread(target=track, args=(number,)) for number in range(4)]
        work += [threading.Thread(target=each) for each in (send, misbehave)]
        for thread in work:
            thread.start()
        for thread in work:
            thread.join()
        stats = client.close(WAIT_S)
        is_over.set()
        looker.join()
        self.assertEqual(wrong, [])
        self.assertEqual((stats.produced, stats.queued), (4 * 300 + 20, 0))
        self.assertGreaterEqual(len(self.server.stored), stats.delivered - stats.duplicates)


class Send(World):
    def test_returns_what_the_server_has_done(self) -> None:
        client = self.client()
        first = client.send(**EVENT, amount=5, idempotency_key="k", timestamp=NOON)
        repeat = client.send(**EVENT, amount=5, idempotency_key="k", timestamp=NOON)
        self.assertEqual((first.status, first.idempotency_key), ("recorded", "k"))
        self.assertEqual((repeat.status, repeat.event_id), ("duplicate", first.event_id))
        self.expect(client, produced=2, delivered=2, duplicates=1, queued=0)

    def test_raises_what_the_server_refuses_and_what_is_no_event(self) -> None:
        client = self.client()
        with self.assertRaises(UsageFlowError) as old:
            client.send(**EVENT, timestamp="2001-01-01T00:00:00Z")
        self.assertEqual(old.exception.code, "usage.timestamp_too_old")
        with self.assertRaises(UsageFlowError) as none:
            client.send(name="", customer_id="a")
        self.assertEqual(none.exception.kind, "invalid")
        self.expect(client, produced=2, refused=2, queued=0)

    def test_raises_at_once_what_trying_again_does_not_mend(self) -> None:
        self.server.fault = "a key that is refused"
        with self.assertRaises(UsageFlowError) as caught:
            self.client().send(**EVENT)
        self.assertEqual((caught.exception.kind, caught.exception.status), ("refused", 401))

    def test_tries_again_with_the_same_key_until_there_is_an_answer(self) -> None:
        self.server.fault = "an answer that is lost after the commit"
        client = self.client()
        statuses: list[str] = []

        def send() -> None:
            statuses.append(client.send(**EVENT, amount=5, deadline_s=WAIT_S).status)

        thread = threading.Thread(target=send)
        thread.start()
        self.until(lambda: self.server.requests)
        self.expect(client, produced=1, queued=1)
        self.server.fault = "none"
        thread.join()
        self.assertEqual(statuses, ["duplicate"])
        self.assertEqual(self.server.amounts(), ["5"])

    def test_gives_up_at_its_deadline_with_the_event_which_sent_again_counts_once(self) -> None:
        self.server.fault = "an answer that is lost after the commit"
        client = self.client()
        with self.assertRaises(UsageFlowError) as caught:
            client.send(**EVENT, amount=5, deadline_s=0.6)
        self.assertEqual(caught.exception.code, "client.no_answer")
        self.expect(client, produced=1, dropped=1, queued=0)
        self.server.fault = "none"
        assert caught.exception.event is not None
        self.assertEqual(
            client.send(**caught.exception.event, deadline_s=WAIT_S).status, "duplicate"
        )
        self.assertEqual(self.server.amounts(), ["5"])


class Close(World):
    def test_sends_what_waits_and_drops_and_counts_what_comes_after(self) -> None:
        client = self.client(flush_s=3_600)
        self.track_many(client, 10)
        client.close(WAIT_S)
        client.track(**EVENT)
        with self.assertRaises(UsageFlowError) as caught:
            client.send(**EVENT)
        self.assertEqual(caught.exception.kind, "dropped")
        self.expect(client, produced=12, delivered=10, dropped=2, queued=0)
        self.assertEqual([error.code for error in self.errors], ["client.closed"])
        self.assertEqual(self.server.amounts(), self.once_each(10))

    def test_ends_at_its_deadline_whatever_the_server_does_and_counts_what_it_leaves(self) -> None:
        self.server.fault = "no answer"
        client = self.client()
        self.track_many(client, 10)
        self.until(lambda: self.server.requests)
        start_s = time.monotonic()
        client.close(0.2)
        self.assertLess(time.monotonic() - start_s, WAIT_S / 4)
        self.expect(client, produced=10, dropped=10, queued=0)

    def test_leaves_nothing_to_wait_for(self) -> None:
        client = self.client()
        self.track_many(client, 1)
        client.close(WAIT_S)
        start_s = time.monotonic()
        client.flush(WAIT_S)
        client.close(WAIT_S)
        self.assertLess(time.monotonic() - start_s, WAIT_S / 4)

    def test_lets_go_of_its_thread(self) -> None:
        client = self.client()
        self.track_many(client, 1)
        client.close(WAIT_S)
        self.until(lambda: "usageflow" not in [each.name for each in threading.enumerate()])


class TheClient(World):
    def test_asks_for_what_it_cannot_do_without_in_words_that_name_it(self) -> None:
        def expect(message: str, **options: Any) -> None:
            with self.assertRaisesRegex(UsageFlowError, message) as caught:
                UsageFlow(**options)
            self.assertEqual(caught.exception.kind, "config")

        with mock.patch.dict(os.environ):
            os.environ.pop("USAGEFLOW_API_KEY", None)
            os.environ.pop("USAGEFLOW_URL", None)
            expect("USAGEFLOW_API_KEY")
            expect("USAGEFLOW_URL", api_key="k")
            for url in ("ftp://a", "http://", "http://a:b", "a", "http://a\n", "http://a b"):
                expect("http", api_key="k", base_url=url)
            expect("password", api_key="k", base_url="http://u:p@a")
            expect("^(?!.*k\n)", api_key="k\n", base_url="http://a")
            expect("1000", api_key="k", base_url="http://a", batch_events_max=1_001)
            expect("flush_s", api_key="k", base_url="http://a", flush_s=0)
            expect("on_error", api_key="k", base_url="http://a", on_error=1)
            os.environ["USAGEFLOW_API_KEY"] = "k"
            os.environ["USAGEFLOW_URL"] = f"{self.server.url}/base/"
            with_variables = UsageFlow()
        with_variables.track(**EVENT)
        self.assertEqual(with_variables.close(WAIT_S).delivered, 1)

    def test_shows_its_key_to_nobody_though_a_server_repeats_it(self) -> None:
        self.server.fault = "a key that is refused"
        client = self.client()
        client.track(**EVENT)
        self.until(lambda: self.errors)
        try:
            client.send(**EVENT)
        except UsageFlowError as error:
            self.errors.append(error)
        shown = repr([client, vars(client), self.errors, [vars(error) for error in self.errors]])
        self.assertIn("No key (key)", shown)
        self.assertNotIn("secret", shown)

    def test_asks_a_server_that_fails_five_times_running_for_one_event_as_a_probe(self) -> None:
        self.server.fault = "a connection that is reset"
        with mock.patch("random.random", return_value=0):  # the shortest waits
            client = self.client(flush_s=3_600)
        self.track_many(client, 20)
        client.flush(0.001)
        self.until(lambda: client.stats().circuit == "open")
        self.server.fault = "none"
        self.until(lambda: client.stats().delivered == 20)
        self.expect(client, delivered=20, circuit="closed")
        asked = [request.events for request in self.server.requests]
        self.assertEqual(asked, [20, 20, 20, 20, 20, 1, 19])

    def test_that_nobody_holds_any_more_and_that_tracked_nothing_is_gone(self) -> None:
        gc.collect()
        before = len([each for each in gc.get_objects() if type(each) is UsageFlow])
        UsageFlow("k", self.server.url)
        gc.collect()
        after = len([each for each in gc.get_objects() if type(each) is UsageFlow])
        self.assertEqual(before, after)


if __name__ == "__main__":
    unittest.main()
