from __future__ import annotations

import asyncio
import datetime
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

from usageflow.core import UsageFlow
from usageflow.core.blueprints import (
    ByteMeter,
    LlmMeter,
    track_bytes,
    track_bytes_async,
    track_job,
    track_llm,
    track_llm_stream,
    track_llm_stream_async,
    track_storage,
    track_storage_time,
    track_time,
)

from .world import CUSTOMER, WAIT_S, World

TOKENS: Any = {"name": "AI_TOKEN", "customer_id": CUSTOMER}
TRAFFIC: Any = {"name": "BANDWIDTH_GB", "customer_id": CUSTOMER}
JOB: Any = {"name": "JOB_RUN", "customer_id": CUSTOMER}
START = {
    "type": "message_start",
    "message": {"id": "msg_1", "usage": {"input_tokens": 30, "output_tokens": 1}},
}
DELTA = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 12}}


class Recording(UsageFlow):
    """Sends to nobody."""

    tracked: list[dict[str, Any]]

    def track(self, *positional: object, **given: Any) -> None:  # type: ignore[override]
        self.tracked.append(given)


class Source:
    """Of pieces, or of a failure; knows whether it was closed by who reads it."""

    def __init__(self, *pieces: Any) -> None:
        self._pieces = pieces
        self.is_closed = False

    def __iter__(self) -> Iterator[Any]:
        for piece in self._pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    async def __aiter__(self) -> AsyncIterator[Any]:
        for piece in self:
            await asyncio.sleep(0)
            yield piece

    def close(self) -> None:
        self.is_closed = True


class AsyncSource(Source):
    async def aclose(self) -> None:
        await asyncio.sleep(0)
        self.is_closed = True


class Answer:
    """As packages for these APIs give answers."""

    def to_dict(self) -> object:
        return {"id": "msg_1", "usage": {"input_tokens": 30, "output_tokens": 12}}


class BlueprintWorld(World):
    def setUp(self) -> None:
        super().setUp()
        self.recording = Recording("k", "http://127.0.0.1:1", on_error=self.errors.append)
        self.recording.tracked = []
        self.addCleanup(self.recording.close, 0.001)

    def tracked(self) -> list[str]:
        return [event["amount"] for event in self.recording.tracked]

    def told(self) -> list[str]:
        return [error.message for error in self.errors]


class Calls(BlueprintWorld):
    def test_is_recorded_once_however_often_its_answer_is_tracked(self) -> None:
        client = self.client()
        details = {**TOKENS, "timestamp": datetime.datetime.now(datetime.timezone.utc)}
        usage = track_llm(client, details, Answer())  # type: ignore[arg-type]
        self.assertEqual(usage and usage.total_tokens, 42)
        list(track_llm_stream(client, details, [START, DELTA]))  # type: ignore[arg-type]
        client.flush(WAIT_S)
        self.expect(client, produced=2, delivered=2, duplicates=1)
        self.assertEqual(self.server.amounts(), ["42"])

    def test_without_usage_is_told_and_counts_as_refused_and_the_host_goes_on(self) -> None:
        self.assertIsNone(track_llm(self.recording, TOKENS, {"error": {}}))
        self.assertEqual(self.told(), ["usage: is not in the answer"])
        self.expect(self.recording, produced=1, refused=1)

    def test_never_raises_whatever_it_is_given(self) -> None:
        class Hostile(dict[str, Any]):
            def get(self, *_: object) -> Any:
                raise RuntimeError("mine")

        unnamed = {7: "mine", "name": "AI_TOKEN", "customer_id": "user_123"}
        for bad in (Hostile(), None, 7, unnamed):
            self.assertIsNone(track_llm(self.recording, TOKENS, bad))
            track_llm(self.recording, bad, {"usage": {"input_tokens": 1}})  # type: ignore[arg-type]
            meter = LlmMeter(self.recording, TOKENS)
            meter.push(bad)
            meter.end()
        self.assertGreater(len(self.errors), 5)
        self.assertEqual({error.kind for error in self.errors}, {"invalid"})
        self.assertNotIn("mine", str(self.told()))


class Streams(BlueprintWorld):
    def test_passes_piece_by_piece_as_it_is_and_is_tracked_at_its_end(self) -> None:
        passed = track_llm_stream(self.recording, TOKENS, [START, {"type": "ping"}, DELTA])
        self.assertIs(next(passed), START)
        self.assertEqual(self.tracked(), [])
        self.assertIs(list(passed)[-1], DELTA)
        self.assertEqual(self.tracked(), ["42"])
        self.assertEqual(self.recording.tracked[0]["idempotency_key"], "AI_TOKEN:msg_1")

    def test_that_its_reader_leaves_is_closed_and_what_was_told_until_there_is_tracked(self) -> None:
        source = Source(START, {"type": "ping"}, DELTA)
        for piece in track_llm_stream(self.recording, TOKENS, source):
            if piece is not START:
                break
        self.assertTrue(source.is_closed)
        self.assertEqual(self.tracked(), ["31"])
        self.assertIs(self.recording.tracked[0]["metadata"]["isComplete"], False)

    def test_that_fails_does_so_for_its_reader_and_what_was_told_until_there_is_tracked(self) -> None:
        with self.assertRaisesRegex(OSError, "cut"):
            list(track_llm_stream(self.recording, TOKENS, Source(START, OSError("cut"))))
        self.assertEqual(self.tracked(), ["31"])

    def test_whose_counts_are_none_passes_all_the_same_and_is_told(self) -> None:
        bad = {"usage": {"prompt_tokens": -1}}
        self.assertEqual(list(track_llm_stream(self.recording, TOKENS, [bad, START])), [bad, START])
        self.assertEqual(self.tracked(), [])
        self.assertEqual(self.told(), ["usage.prompt_tokens: must be a whole number, not negative"])

    def test_has_an_event_that_is_too_long_skipped_and_those_behind_it_read(self) -> None:
        long = 'data: {"type":"image","data":"' + "x" * 1024 * 1024
        pieces = [long] * 20 + ["\n\n", 'data: {"usage":{"input_tokens":3}}\n\n']
        list(track_llm_stream(self.recording, TOKENS, pieces))
        self.assertEqual(self.tracked(), ["3"])

    def test_may_be_asynchronous_all_of_it_or_left_early(self) -> None:
        async def read() -> AsyncSource:
            passed = track_llm_stream_async(self.recording, TOKENS, Source(START, DELTA))
            self.assertEqual([piece async for piece in passed], [START, DELTA])
            source = AsyncSource(START, DELTA)
            left = track_llm_stream_async(self.recording, TOKENS, source)
            async for _ in left:
                break
            await left.aclose()
            counted = track_bytes_async(self.recording, TRAFFIC, Source(b"abc"), unit="byte")
            self.assertEqual([piece async for piece in counted], [b"abc"])
            return source

        self.assertTrue(asyncio.run(read()).is_closed)
        self.assertEqual(self.tracked(), ["42", "31", "3"])

    def test_must_be_a_stream(self) -> None:
        for make in (track_llm_stream, track_llm_stream_async, track_bytes, track_bytes_async):
            with self.assertRaisesRegex(Exception, "^stream: must be"):
                make(self.recording, TOKENS, None)  # type: ignore[arg-type]


class Bytes(BlueprintWorld):
    def test_are_counted_on_their_way_text_as_utf_8(self) -> None:
        pieces = [bytes(1_500), memoryview(bytes(500)), "é👋"]
        self.assertEqual(list(track_bytes(self.recording, TRAFFIC, pieces)), pieces)
        self.assertEqual(self.tracked(), ["0.000002006"])

    def test_of_a_stream_that_is_cut_are_those_that_passed(self) -> None:
        with self.assertRaises(OSError):
            list(track_bytes(self.recording, TRAFFIC, Source(bytes(700), OSError()), unit="byte"))
        self.assertEqual(self.tracked(), ["700"])

    def test_that_never_passed_are_no_event_and_what_is_no_bytes_is_told_and_passes(self) -> None:
        list(track_bytes(self.recording, TRAFFIC, []))
        self.assertEqual(list(track_bytes(self.recording, TRAFFIC, [7])), [7])
        self.assertEqual((self.tracked(), self.told()), ([], ["stream: must be of bytes or text"]))

    def test_may_be_told_and_end_once(self) -> None:
        meter = ByteMeter(self.recording, TRAFFIC)
        for number in (1_000_000_000, 500_000_000):
            meter.add(number)
        meter.end()
        meter.end()
        self.assertEqual(self.tracked(), ["1.5"])

    def test_that_are_stored_are_tracked_as_they_stand_or_by_the_hour(self) -> None:
        track_storage(self.recording, TRAFFIC, 2_000_000_000)
        track_storage_time(self.recording, TRAFFIC, 2_000_000_000, ms=1_800_000)
        track_storage(self.recording, TRAFFIC, True)
        self.assertEqual(self.tracked(), ["2", "1"])
        self.assertEqual(self.told(), ["bytes: must be a whole number, not negative"])


class Work(BlueprintWorld):
    def test_is_timed(self) -> None:
        with track_time(self.recording, JOB, unit="ms"):
            time.sleep(0.03)
        [amount] = self.tracked()
        self.assertTrue(30 <= float(amount) < WAIT_S * 1_000, amount)
        self.assertEqual(self.recording.tracked[0]["metadata"], {"status": "succeeded"})

    def test_that_raises_is_tracked_as_failed_and_raises(self) -> None:
        with self.assertRaisesRegex(OSError, "mine"), track_job(self.recording, JOB, job_id=7):
            raise OSError("mine")
        [event] = self.recording.tracked
        self.assertEqual(event["idempotency_key"], "JOB_RUN:7:failed")
        self.assertEqual(event["metadata"]["status"], "failed")

    def test_of_a_job_that_a_queue_runs_again_is_recorded_once(self) -> None:
        client = self.client()
        details = {**JOB, "timestamp": datetime.datetime.now(datetime.timezone.utc)}
        for _ in range(2):
            with track_job(client, details, job_id="job-1"):  # type: ignore[arg-type]
                pass
        client.flush(WAIT_S)
        self.expect(client, produced=2, delivered=2)
        self.assertEqual(self.server.amounts(), ["1"])

    def test_is_done_whatever_is_wrong_with_its_id(self) -> None:
        done = []
        for job_id in ("", "a" * 300, None, 0.5, True):
            with track_job(self.recording, JOB, job_id=job_id):  # type: ignore[arg-type]
                done.append(job_id)
        self.assertEqual((len(done), self.tracked()), (5, []))
        self.assertEqual([message[:7] for message in self.told()], ["job_id:"] * 5)
