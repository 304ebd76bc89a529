from __future__ import annotations

import random
import signal
import sys
import threading
import unittest

from usageflow.core.client.event import Entry
from usageflow.core.client.outbox import Outbox
from usageflow.core.client.server_call import Result

STATUSES = (Result("recorded"), Result("duplicate"), Result("refused"))


def is_exact(outbox: Outbox) -> bool:
    counts = outbox.counts
    ends = counts.delivered + counts.queued + counts.refused + counts.dropped
    return counts.produced == ends and counts.queued >= 0


class TheOutbox(unittest.TestCase):
    def test_is_bounded_in_events_and_in_bytes(self) -> None:
        outbox = Outbox(3, 1_000)
        outbox.add(Entry(b"x" * 2_000))
        for _ in range(4):
            outbox.add(Entry(b"{}"))
        self.assertEqual(len(outbox), 3)
        self.assertEqual(outbox.counts.dropped, 2)
        self.assertEqual((outbox.take_untold(), outbox.take_untold()), (2, 0))

    def test_gives_what_came_first_by_number_and_size_and_keeps_it(self) -> None:
        outbox = Outbox(10_000, 2**30)
        entries = [Entry(b"%d" % number) for number in range(1_000)]
        for entry in entries:
            outbox.add(entry)
        self.assertEqual(outbox.first(10, 2**30), entries[:10])
        self.assertEqual(outbox.first(10, 1), entries[:1])
        self.assertEqual(len(outbox), 1_000)

    def test_takes_no_answer_for_what_was_given_up(self) -> None:
        outbox = Outbox(10, 2**20)
        outbox.add(Entry(b"{}"))
        batch = outbox.first(10, 2**20)
        outbox.drop_all()
        self.assertFalse(outbox.settle(batch, [Result("recorded")]))
        self.assertEqual((outbox.counts.dropped, outbox.counts.delivered), (1, 0))

    def test_is_exact_after_every_step_whatever_the_steps_are(self) -> None:
        for seed in range(200):
            chance = random.Random(seed)
            outbox = Outbox(chance.randrange(1, 20), chance.randrange(200, 4_000))
            produced = 0
            for _ in range(100):
                step = chance.randrange(10)
                if step < 6:
                    outbox.add(Entry(b"x" * chance.randrange(200)))
                    produced += 1
                elif step < 9:
                    batch = outbox.first(chance.randrange(1, 6), chance.randrange(1, 1_000))
                    results = [chance.choice(STATUSES) for _ in batch]
                    if batch:
                        self.assertTrue(outbox.settle(batch, results))
                elif chance.random() < 0.2:
                    outbox.drop_all()
                self.assertTrue(is_exact(outbox), f"seed {seed}")
                self.assertEqual(outbox.counts.queued, len(outbox))
            self.assertEqual(outbox.counts.produced, produced)

    def test_is_exact_at_every_instant_while_threads_race(self) -> None:
        self.addCleanup(sys.setswitchinterval, sys.getswitchinterval())
        sys.setswitchinterval(1e-6)  # threads take turns in the middle of everything
        outbox = Outbox(50, 2**20)
        is_over = threading.Event()
        wrong: list[object] = []

        def add() -> None:
            for _ in range(3_000):
                outbox.add(Entry(b"{}"))

        def settle() -> None:
            while not is_over.is_set():
                batch = outbox.first(7, 2**20)
                if batch:
                    outbox.settle(batch, [Result("recorded")] * len(batch))

        def look() -> None:
            while not is_over.is_set():
                if not is_exact(outbox):
                    wrong.append(outbox.counts)

        adders = [threading.Thread(target=add) for _ in range(4)]
        others = [threading.Thread(target=work) for work in (settle, look, look)]
        for thread in (*adders, *others):
            thread.start()
        for thread in adders:
            thread.join()
        is_over.set()
        for thread in others:
            thread.join()
        self.assertEqual(wrong, [])
        self.assertEqual(outbox.counts.produced, 12_000)
        self.assertEqual(outbox.counts.queued, len(outbox))

    @unittest.skipUnless(hasattr(signal, "setitimer"), "needs timers of Unix")
    def test_is_exact_when_the_handler_of_a_signal_tracks_too_and_does_not_hold_it(self) -> None:
        outbox = Outbox(2**20, 2**30)
        handled = 0

        def handle(_signal: int, _frame: object) -> None:
            nonlocal handled
            handled += 1
            outbox.add(Entry(b"{}"))

        before = signal.signal(signal.SIGALRM, handle)
        signal.setitimer(signal.ITIMER_REAL, 0.0001, 0.0001)
        added = 0
        try:
            while handled < 1_000:
                outbox.add(Entry(b"{}"))
                added += 1
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        self.assertEqual(outbox.counts.produced, added + handled)
        self.assertEqual(len(outbox), added + handled)
