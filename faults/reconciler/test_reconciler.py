"""A sound little world passes; each single thing that may go wrong is found.

    python3 -B -m unittest discover -s faults
"""

import copy
import hashlib
import json
import sys
import tempfile
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from reconcile import checks_of
from reconciler.exact import TYPEID_DIGITS, round_half_away, uuid_of
from reconciler.billing import boundary
from reconciler.world import World
from fractions import Fraction

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
DAY_MS = 86_400_000
MARCH_1 = 20_513 * DAY_MS  # 2026-03-01
ENV, OTHER = 7, 8


def iso(ms):
    return (EPOCH + timedelta(milliseconds=ms)).isoformat()


def key_uuid(key):
    h = hashlib.sha256(key.encode()).hexdigest()[:32]
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


def event_id(key):
    number, digits = int(key_uuid(key).replace("-", ""), 16), ""
    for _ in range(26):
        number, digit = divmod(number, 32)
        digits = TYPEID_DIGITS[digit] + digits
    return "evt_" + digits


def sent(key, amount, at_ms, name="call"):
    return {"key": key, "name": name, "customer": "mine-c1", "amount": amount,
            "metadata": {"user": f"mine-{key}"}, "timestamp": iso(at_ms), "sequence": None}


def stored(event, xid):
    return {"env_id": ENV, "key": key_uuid(event["key"]), "key_text": event["key"], "name": event["name"],
            "customer": event["customer"], "amount": float(event["amount"]), "sequence": 0, "xid": xid,
            "metadata": json.dumps(event["metadata"]), "occurred_at": event["timestamp"]}


def a_sound_world():
    """Two events of 4 and 2.5 units on a daily plan: 10.00 and 6.5 units over 1 at 0.10 are 10.55."""
    first = sent("k1", "4", MARCH_1 + 5_000)
    second = sent("k2", "2.5", MARCH_1 + 9_000)
    meter = {"key": "units", "eventName": "call", "aggregation": "SUM", "valueProperty": None, "filter": None,
             "groupBy": [], "factor": "1", "divisor": "1"}
    users = {**meter, "key": "users", "aggregation": "UNIQUE", "valueProperty": "user"}
    plan = {"key": "daily", "currency": "USD", "minorDigits": 2, "cycle": "day", "baseMinor": "1000",
            "graceSeconds": 3600, "prices": [{"meter": "units", "includedUnits": "1", "unitPrice": "0.1"}]}
    world = {"environments": [
        {"name": "mine", "organization": "Us", "mode": "test", "canary": "mine-", "meters": [meter, users],
         "plans": [plan], "subscriptions": [{"id": "sub_1", "customer": "mine-c1", "plan": "daily"}], "parents": {},
         "endpoints": [{"name": "hook", "id": "we_1", "types": ["invoice.finalized"]}],
         "now": MARCH_1 + DAY_MS + 5 * 3_600_000},
        {"name": "other", "organization": "Them", "mode": "test", "canary": "theirs-", "meters": [], "plans": [],
         "subscriptions": [], "parents": {}, "endpoints": [], "now": MARCH_1}]}
    journal = [
        {"t": "intent", "id": "1", "at": 0, "environment": "mine", "route": "batch", "notBefore": 0,
         "events": [first, second, {**first, "amount": "99"}]},
        {"t": "attempt", "id": "1", "n": 1, "at": 0, "server": "a"},
        {"t": "outcome", "id": "1", "n": 1, "at": 0, "status": 200, "notAfter": 9e15, "results": [
            {"status": "recorded", "eventId": event_id("k1")}, {"status": "recorded", "eventId": event_id("k2")},
            {"status": "refused", "code": "usage.key_reused"}]}]
    rollup = {"env_id": ENV, "meter_no": 1, "customer": "mine-c1", "dimension": "", "hour": iso(MARCH_1),
              "events": 2, "not_counted": 0, "sum": 6.5, "min": 2.5, "max": 4, "last_value": 2.5}
    period = {"env_id": ENV, "subscription_id": "sub_1", "period_no": 0, "period_start": iso(MARCH_1),
              "period_end": iso(MARCH_1 + DAY_MS), "state": "invoiced"}
    unique = {"env_id": ENV, "meter_no": 2, "customer": "mine-c1", "dimension": "", "hour": iso(MARCH_1)}
    data = {"invoiceId": "inv_1", "amount": 10.55}
    tables = {
        "organizations": [{"id": "o1", "name": "Us"}, {"id": "o2", "name": "Them"}],
        "environments": [{"env_id": ENV, "organization_id": "o1", "mode": "test"},
                         {"env_id": OTHER, "organization_id": "o2", "mode": "test"}],
        "meters": [{"env_id": ENV, "meter_no": 1, "key": "units"}, {"env_id": ENV, "meter_no": 2, "key": "users"}],
        "usage_events": [stored(first, 50), stored(second, 51)],
        "events_by_customer": [{"env_id": ENV, "customer": "mine-c1", "occurred_at": e["timestamp"],
                                "key": key_uuid(e["key"])} for e in (first, second)],
        "usage_rollups": [rollup, {**rollup, "meter_no": 2, "sum": 0}],
        "usage_uniques": [{**unique, "value_hash": "a"}, {**unique, "value_hash": "b"}],
        "subscriptions": [{"env_id": ENV, "id": "sub_1", "customer": "mine-c1", "started_at": iso(MARCH_1),
                           "ended_at": None, "parked_reason": None}],
        "subscription_periods": [period, {**period, "period_no": 1, "period_start": iso(MARCH_1 + DAY_MS),
                                          "period_end": iso(MARCH_1 + 2 * DAY_MS), "state": "open"}],
        "invoice_states": [{"env_id": ENV, "invoice_id": "inv_1", "subscription_id": "sub_1", "period_no": 0,
                            "kind": "period", "status": "finalized"}],
        "invoice_numbers": [{"env_id": ENV, "next": 2}],
        "invoices": [{"env_id": ENV, "id": "inv_1", "number": "INV-000001", "subscription_id": "sub_1",
                      "period_start": iso(MARCH_1), "period_end": iso(MARCH_1 + DAY_MS), "total_minor": 1055,
                      "usage_before": 60}],
        "invoice_lines": [
            {"env_id": ENV, "invoice_id": "inv_1", "line_no": 1, "kind": "base", "meter_key": None, "quantity": 1,
             "included": 0, "amount_minor": 1000},
            {"env_id": ENV, "invoice_id": "inv_1", "line_no": 2, "kind": "usage", "meter_key": "units",
             "quantity": 6.5, "included": 1, "amount_minor": 55}],
        "facts": [{"env_id": ENV, "id": "f1", "type": "subscription.activated", "data": {"subscriptionId": "sub_1"}},
                  {"env_id": ENV, "id": "f2", "type": "invoice.created", "data": {"invoiceId": "inv_1"}},
                  {"env_id": ENV, "id": "f3", "type": "invoice.finalized", "data": data}],
        "webhook_deliveries": [{"env_id": ENV, "id": "whd_1", "endpoint_id": "we_1", "fact_id": "f3",
                                "state": "delivered"}],
        "due": [],
    }
    usage = [{"environment": "mine", "meter": "units", "customer": None, "from": 0, "to": 9e15, "quantity": "6.5"}]
    webhooks = [{"endpoint": "hook", "id": "whd_1", "body": {"type": "invoice.finalized", "data": data}}]
    return {"world": world, "journal": journal, "tables": tables, "usage": usage, "webhooks": webhooks}


def write_lines(path, rows):
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf8")


def broken(parts):
    """The names of the promises that are found broken."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "world.json").write_text(json.dumps(parts["world"]), encoding="utf8")
        write_lines(folder / "journals" / "a.ndjson", parts["journal"])
        write_lines(folder / "usage.ndjson", parts["usage"])
        write_lines(folder / "webhooks.ndjson", parts["webhooks"])
        for table, rows in parts["tables"].items():
            write_lines(folder / "dump" / f"{table}.ndjson", rows)
        checks, _ = checks_of(World(folder))
        return {check.name for check in checks if check.broken}


def tables(change):
    return lambda parts: change(parts["tables"])


def drop(table, index=0):
    return tables(lambda t: t[table].pop(index))


def twice(table, **other):
    return tables(lambda t: t[table].append({**copy.deepcopy(t[table][0]), **other}))


def put(table, index=0, **fields):
    return tables(lambda t: t[table][index].update(fields))


def answer(index, **fields):
    return lambda parts: parts["journal"][2]["results"][index].update(fields)


STRANGER = stored(sent("k9", "1", MARCH_1, "noise"), 52)

MISTAKES = {
    "an acknowledged event is gone": (drop("usage_events"), "R1"),
    "an event is stored twice": (twice("usage_events"), "R2"),
    "an event was new twice": (lambda p: p["journal"].append({**p["journal"][2]}), "R2"),
    "an event nobody sent": (tables(lambda t: t["usage_events"].append(STRANGER)), "R3"),
    "another amount": (put("usage_events", amount=4.000000000001), "R3"),
    "another time": (put("usage_events", occurred_at=iso(MARCH_1 + 5_001)), "R3"),
    "other metadata": (put("usage_events", metadata='{"user": "mine-k3"}'), "R3"),
    "another identity": (put("usage_events", key=key_uuid("k3")), "R3"),
    "the loser of two contents was accepted": (answer(2, status="duplicate", eventId=event_id("k1")), "P3"),
    "the winner was refused": (answer(0, status="refused", code="usage.key_reused"), "P3"),
    "a refusal for no good reason": (answer(2, code="usage.malformed"), "P3"),
    "two ids for one event": (answer(0, eventId=event_id("k2")), "P3"),
    "a bucket counts too little": (put("usage_rollups", events=1), "R4"),
    "a bucket sums wrong": (put("usage_rollups", sum=6.4), "R4"),
    "a bucket is missing": (drop("usage_rollups"), "R4"),
    "a bucket too many": (twice("usage_rollups", hour=iso(MARCH_1 - 3_600_000)), "R4"),
    "a distinct value is missing": (drop("usage_uniques"), "R4"),
    "the API says something else": (lambda p: p["usage"][0].update(quantity="6.4"), "R4"),
    "the index of customers has a hole": (drop("events_by_customer"), "R4"),
    "a gap between periods": (put("subscription_periods", 1, period_start=iso(MARCH_1 + DAY_MS + 1)), "P8"),
    "two invoices for a period": (twice("invoice_states", invoice_id="inv_2"), "R5"),
    "no invoice for a period": (lambda p: (drop("invoice_states")(p), drop("invoices")(p)), "R5"),
    "a draft after its grace": (put("invoice_states", status="draft"), "R5"),
    "a number is left out": (put("invoices", number="INV-000002"), "R5"),
    "an invoice counts too much": (put("invoice_lines", 1, quantity=7), "R6"),
    "a line is rounded wrong": (put("invoice_lines", 1, amount_minor=56), "R6"),
    "the total is not the sum": (put("invoices", total_minor=1056), "R6"),
    "a line is missing": (drop("invoice_lines", 1), "R6"),
    "an invoice counts an event that came later": (put("usage_events", 1, xid=60), "R6"),
    "a change without its fact": (drop("facts", 1), "R7"),
    "a fact told twice": (twice("facts", id="f9"), "R7"),
    "a webhook that never arrived": (lambda p: p["webhooks"].clear(), "R7"),
    "a fact under two webhook ids": (lambda p: p["webhooks"].append({**p["webhooks"][0], "id": "whd_2"}), "R7"),
    "a webhook that says something else": (lambda p: p["webhooks"][0]["body"].update(type="x"), "R7"),
    "a row of ours in another environment": (put("events_by_customer", env_id=OTHER), "R10"),
    "something of theirs in a webhook": (lambda p: p["webhooks"][0]["body"].update(note="theirs-c1"), "R10"),
    "work that was given up": (tables(lambda t: t["due"].append(
        {"env_id": ENV, "kind": "k", "ref": "r", "parked_at": iso(0), "last_error": "e"})), "P17"),
    "a subscription that is parked": (put("subscriptions", parked_reason="mismatch"), "P17"),
}


class Reconciling(unittest.TestCase):
    def test_a_sound_world_passes(self):
        self.assertEqual(broken(a_sound_world()), set())

    def test_every_mistake_is_found(self):
        for what, (change, name) in MISTAKES.items():
            with self.subTest(what):
                parts = a_sound_world()
                change(parts)
                self.assertIn(name, broken(parts))

    def test_an_unknown_outcome_may_be_stored_or_not(self):
        for is_stored in (True, False):
            parts = a_sound_world()
            parts["tables"]["due"] = []
            event = sent("k5", "1", MARCH_1, "noise")
            parts["journal"] += [{**parts["journal"][0], "id": "5", "events": [event]},
                                 {"t": "attempt", "id": "5", "n": 1, "at": 0, "server": "a"}]
            if is_stored:
                parts["tables"]["usage_events"].append(stored(event, 55))
                parts["tables"]["events_by_customer"].append(
                    {"env_id": ENV, "customer": "mine-c1", "occurred_at": iso(MARCH_1), "key": key_uuid("k5")})
            self.assertEqual(broken(parts), set())


class Exactness(unittest.TestCase):
    def test_halves_go_away_from_zero(self):
        for value, whole in ((Fraction(1, 2), 1), (Fraction(-1, 2), -1), (Fraction(5, 2), 3), (Fraction(49, 100), 0)):
            self.assertEqual(round_half_away(value), whole)

    def test_months_are_counted_from_the_anchor(self):
        january_31 = MARCH_1 - 29 * DAY_MS
        starts = [iso(boundary(january_31, "month", n))[:10] for n in range(4)]
        self.assertEqual(starts, ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"])

    def test_an_event_id_spells_its_uuid(self):
        self.assertEqual(uuid_of(event_id("k1")), key_uuid("k1"))


if __name__ == "__main__":
    unittest.main()
