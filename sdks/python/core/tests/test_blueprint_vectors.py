from __future__ import annotations

import unittest
from dataclasses import asdict
from typing import Any

from usageflow.core import UsageFlowError
from usageflow.core.blueprints import LlmUsage, llm_usage
from usageflow.core.blueprints.byte_meter import byte_event, storage_time_event
from usageflow.core.blueprints.llm import llm_event
from usageflow.core.blueprints.llm_stream import LlmStreamReader
from usageflow.core.blueprints.work import job_event, time_event

from .conformance_checks import Vector, equal
from .vectors import expanded, read

FIELDS = {"customerId": "customer_id", "idempotencyKey": "idempotency_key"}
USAGE_FIELDS = (
    ("inputTokens", "input_tokens"),
    ("cacheReadTokens", "cache_read_tokens"),
    ("cacheCreationTokens", "cache_creation_tokens"),
    ("outputTokens", "output_tokens"),
    ("reasoningTokens", "reasoning_tokens"),
    ("isComplete", "is_complete"),
    ("responseId", "response_id"),
    ("createdAt", "created_at"),
    ("model", "model"),
)


def of_python(event: Vector) -> Any:
    return {FIELDS.get(field, field): value for field, value in event.items()}


def usage_of_stream(chunks: Any) -> LlmUsage:
    reader = LlmStreamReader()
    for chunk in chunks:
        reader.push(chunk)
    return reader.usage()


def check_usage(vector: Vector, made: LlmUsage) -> None:
    told = {name: asdict(made)[field] for name, field in USAGE_FIELDS}
    equal({**told, "totalTokens": made.total_tokens}, vector["usage"], vector["name"])
    if "event" in vector:
        equal(llm_event(of_python(vector["details"]), made), of_python(vector["event"]), vector["name"])


def check_sse(vector: Vector) -> None:
    text = "".join(vector["sse"])
    encoded = text.encode("utf-8")
    check_usage(vector, usage_of_stream([encoded[at : at + 1] for at in range(len(encoded))]))
    check_usage(vector, usage_of_stream([encoded]))
    check_usage(vector, usage_of_stream([text]))


def made_event(kind: str, vector: Vector) -> Any:
    details, given = of_python(vector["details"]), vector[kind]
    if kind == "bytes":
        return byte_event(details, int(given["bytes"]), given["unit"])
    if kind == "held":
        return storage_time_event(details, int(given["bytes"]), int(given["ms"]))
    if kind == "time":
        return time_event(details, given["unit"], given["status"], int(given["ns"]))
    return job_event(details, given["jobId"], given["status"], int(given["ns"]))


def check(vector: Vector) -> None:
    kinds = ("answer", "chunks", "sse", "bytes", "held", "time", "job")
    [kind] = [kind for kind in kinds if kind in vector]
    if kind == "answer":
        check_usage(vector, llm_usage(vector["answer"]))
    elif kind == "chunks":
        check_usage(vector, usage_of_stream(vector["chunks"]))
    elif kind == "sse":
        check_sse(vector)
    else:
        equal(made_event(kind, vector), of_python(vector["event"]), vector["name"])


class BlueprintVectors(unittest.TestCase):
    def test_every_case_holds(self) -> None:
        names = set()
        for case in read("blueprints.json")["cases"]:
            with self.subTest(case=case["name"]):
                vector = expanded(case)
                if not vector.get("error"):
                    check(vector)
                else:
                    with self.assertRaises(UsageFlowError) as caught:
                        check(vector)
                    self.assertEqual(caught.exception.kind, "invalid")
                    start = f"{vector['field']}: " if "field" in vector else ""
                    self.assertEqual(caught.exception.message[: len(start)], start)
                names.add(case["name"])
        self.assertEqual(len(names), read("manifest.json")["blueprints.json"])
