"""Meters: folding the stored events ourselves, and comparing what the product made of them."""

import json
from collections import Counter, defaultdict
from decimal import Decimal
from fractions import Fraction

from .exact import canonical, millis, round_half_away
from .world import Check, lines

HOUR_MS = 3_600_000


def number(value):
    """What counts as a number: JSON numbers and numeric strings."""
    if isinstance(value, bool) or value is None or isinstance(value, (list, dict)):
        return None
    try:
        return Fraction(value)
    except (ValueError, ZeroDivisionError):
        return None


def is_counted(meter, metadata):
    condition = meter["filter"]
    if condition is None:
        return True
    value = metadata.get(condition["property"])
    if condition["operator"] == "eq":
        return type(value) is type(condition["value"]) and value == condition["value"]
    if condition["operator"] == "gt":
        return isinstance(value, (int, Decimal)) and not isinstance(value, bool) and value > condition["value"]
    raise ValueError(f"the harness sets up no filter {condition}")


class Fold:
    """What a meter makes of events, in any order."""

    def __init__(self):
        self.events = self.not_counted = 0
        self.sum, self.min, self.max, self.last, self.values = Fraction(0), None, None, None, set()

    def add(self, meter, event):
        if meter["aggregation"] == "COUNT":
            self.events += 1
            return
        raw = event["metadata"].get(meter["valueProperty"]) if meter["valueProperty"] else event["amount"]
        is_unique = meter["aggregation"] == "UNIQUE"
        value = raw if is_unique else number(raw)
        if value is None or (is_unique and isinstance(raw, (list, dict))):
            self.not_counted += 1
            return
        self.events += 1
        if is_unique:
            self.values.add(canonical(raw))
            return
        self.sum += value
        self.min = value if self.min is None else min(self.min, value)
        self.max = value if self.max is None else max(self.max, value)
        order = (event["at"], event["sequence"], event["key"])
        if self.last is None or order > self.last[0]:
            self.last = (order, value)

    def quantity(self, meter):
        raw = {"COUNT": lambda: Fraction(self.events), "SUM": lambda: self.sum,
               "MIN": lambda: self.min or Fraction(0), "MAX": lambda: self.max or Fraction(0),
               "AVG": lambda: self.sum / self.events if self.events else Fraction(0),
               "LAST": lambda: self.last[1] if self.last else Fraction(0),
               "UNIQUE": lambda: Fraction(len(self.values))}[meter["aggregation"]]()
        converted = raw * Fraction(meter["factor"]) / Fraction(meter["divisor"])
        return Fraction(round_half_away(converted * 10**12), 10**12)


def plain(row):
    """A stored event as the folds read it."""
    metadata = json.loads(row["metadata"], parse_float=Decimal) if row["metadata"] else {}
    return {"at": millis(row["occurred_at"]), "sequence": row["sequence"], "key": row["key"],
            "name": row["name"], "customer": row["customer"], "amount": Fraction(row["amount"]),
            "metadata": metadata, "xid": row["xid"]}


def events_by_meter(world, events):
    """(env_id, meter key) to the events that the meter reads."""
    reading = defaultdict(list)
    for env in world.environments.values():
        for meter in env["meters"]:
            reading[(env["env_id"], meter["eventName"])].append(meter)
    found = defaultdict(list)
    for row in events:
        event = plain(row)
        for meter in reading[(row["env_id"], row["name"])]:
            if is_counted(meter, event["metadata"]):
                found[(row["env_id"], meter["key"])].append(event)
    return found


def dimension_of(meter, event):
    return canonical([event["metadata"].get(name) for name in meter["groupBy"]]) if meter["groupBy"] else ""


def check_rollups(world, by_meter):
    check = Check("R4", "every bucket is the fold of the stored events, exactly")
    meters = {(row["env_id"], row["meter_no"]): row["key"] for row in world.rows("meters")}
    definitions = {(env["env_id"], m["key"]): m for env in world.environments.values() for m in env["meters"]}
    expected = defaultdict(Fold)
    for (env_id, key), events in by_meter.items():
        meter = definitions[(env_id, key)]
        for event in events:
            hour = event["at"] - event["at"] % HOUR_MS
            expected[(env_id, key, event["customer"], dimension_of(meter, event), hour)].add(meter, event)
    uniques = Counter()
    for row in world.rows("usage_uniques"):
        uniques[bucket_of(row, meters)] += 1
    seen = set()
    for row in world.rows("usage_rollups"):
        bucket = bucket_of(row, meters)
        seen.add(bucket)
        if bucket not in expected:
            check.expect(row["events"] == 0 and row["not_counted"] == 0, bucket, "has no events")
            continue
        fold, aggregation = expected[bucket], definitions[bucket[:2]]["aggregation"]
        check.expect((row["events"], row["not_counted"]) == (fold.events, fold.not_counted), bucket,
                     "counts", row["events"], row["not_counted"], "of", fold.events, fold.not_counted)
        wanted, found = {
            "SUM": lambda: (fold.sum, row["sum"]), "AVG": lambda: (fold.sum, row["sum"]),
            "MIN": lambda: (fold.min, row["min"]), "MAX": lambda: (fold.max, row["max"]),
            "LAST": lambda: (fold.last and fold.last[1], row["last_value"]),
            "UNIQUE": lambda: (len(fold.values), uniques[bucket]), "COUNT": lambda: (0, 0),
        }[aggregation]()
        check.expect((found is None and wanted is None) or (found is not None and wanted == Fraction(found)),
                     bucket, aggregation, "is", found, "and should be", wanted)
    for bucket in expected.keys() - seen:
        check.expect(False, bucket, "is missing")
    return check


def bucket_of(row, meters):
    dimension = canonical(json.loads(row["dimension"], parse_float=Decimal)) if row["dimension"] else ""
    key = meters.get((row["env_id"], row["meter_no"]))
    return (row["env_id"], key, row["customer"], dimension, millis(row["hour"]))


def check_usage_answers(world, by_meter):
    check = Check("R4", "the API says the same quantities")
    for asked in lines(world.folder / "usage.ndjson"):
        env = world.environments[asked["environment"]]
        meter = next(m for m in env["meters"] if m["key"] == asked["meter"])
        fold = Fold()
        for event in by_meter[(env["env_id"], meter["key"])]:
            is_asked = asked["customer"] is None or event["customer"] == asked["customer"]
            if is_asked and asked["from"] <= event["at"] < asked["to"]:
                fold.add(meter, event)
        is_nothing = fold.events == 0 and meter["aggregation"] in ("MIN", "MAX", "AVG", "LAST")
        wanted = None if is_nothing else fold.quantity(meter)
        found = None if asked["quantity"] is None else Fraction(asked["quantity"])
        check.expect(found == wanted, asked, "should be", wanted and float(wanted))
    return check


def check_customer_index(world, events):
    check = Check("R4", "the index of events by customer holds each event once")
    wanted = Counter((r["env_id"], r["customer"], r["occurred_at"], r["key"]) for r in events)
    found = Counter((r["env_id"], r["customer"], r["occurred_at"], r["key"])
                    for r in world.rows("events_by_customer"))
    for entry in wanted.keys() | found.keys():
        check.expect(wanted[entry] == found[entry] == 1, entry, found[entry], "of", wanted[entry])
    return check
