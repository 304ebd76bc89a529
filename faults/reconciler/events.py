"""Events: what was sent, what was answered, what is stored."""

import hashlib
import json
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

from .exact import canonical, millis, uuid_of
from .world import Check, lines


class Item:
    """One event in one request, with all that was heard of it."""

    __slots__ = ("content", "event", "not_before", "not_after", "attempts", "answers")

    def __init__(self, event, not_before):
        self.event, self.content = event, content_of(event)
        self.not_before, self.not_after = not_before, None
        self.attempts, self.answers = 0, []


def content_of(event):
    return canonical([event["name"], event["customer"], Fraction_or_none(event["amount"]),
                      event["metadata"], event["timestamp"], event["sequence"]])


def Fraction_or_none(text):
    return None if text is None else str(Fraction(text))


def read_journals(world):
    """Items by environment and key; those without a key by their marker."""
    requests, keyed, keyless = {}, defaultdict(list), {}
    for path in sorted((world.folder / "journals").glob("*.ndjson")):
        for line in lines(path):
            if line["t"] == "intent":
                items = [Item(event, line["notBefore"]) for event in line["events"]]
                requests[line["id"]] = items
                for item in items:
                    if item.event["key"] is not None:
                        keyed[(line["environment"], item.event["key"])].append(item)
                    else:
                        keyless[(line["environment"], item.event["metadata"]["once"])] = item
            elif line["t"] == "attempt":
                for item in requests[line["id"]]:
                    item.attempts += 1
            else:
                hear(requests[line["id"]], line)
    return keyed, keyless


def hear(items, outcome):
    for index, item in enumerate(items):
        item.not_after = outcome["notAfter"]
        answer = outcome.get("results", [{"status": "unknown"}] * len(items))[index]
        if answer["status"] != "unknown":
            item.answers.append(answer)


def is_stored_as(row, item):
    """Whether the row is this event to the last billed digit."""
    event = item.event
    wanted = canonical([event["name"], event["customer"], event["metadata"], event["sequence"] or 0])
    metadata = None if row["metadata"] is None else json.loads(row["metadata"], parse_float=Decimal)
    found = canonical([row["name"], row["customer"], metadata, row["sequence"]])
    at = millis(row["occurred_at"])
    is_timely = (at == millis(event["timestamp"]) if event["timestamp"] is not None
                 else item.not_before <= at <= (item.not_after or at))
    amount = Fraction(1 if event["amount"] is None else event["amount"])
    return found == wanted and Fraction(row["amount"]) == amount and is_timely


def check_events(world, events):
    lost = Check("R1", "every acknowledged event is stored")
    twice = Check("R2", "no event is stored or acknowledged as new twice")
    invented = Check("R3", "nothing is stored that was not sent, to the last billed digit")
    answers = Check("P3", "a repeat is the same event, other content under a key is refused")
    keyed, keyless = read_journals(world)
    rows_of, rows_without = defaultdict(list), defaultdict(list)
    for row in events:
        name = world.by_id[row["env_id"]]["name"]
        if row["key_text"] is None:
            once = json.loads(row["metadata"] or "{}").get("once")
            rows_without[(name, once)].append(row)
            invented.expect((name, once) in keyless, name, once, "was never sent")
        else:
            rows_of[(name, row["key_text"])].append(row)
            invented.expect((name, row["key_text"]) in keyed, name, row["key_text"], "was never sent")
    for key, items in keyed.items():
        check_key(key, items, rows_of.get(key, []), (lost, twice, invented, answers))
    for marker, item in keyless.items():
        stored = rows_without.get(marker, [])
        ids = {row["key"] for row in stored}
        twice.expect(len(stored) <= item.attempts, marker, "stored", len(stored), "times")
        for answer in item.answers:
            lost.expect(uuid_of(answer.get("eventId", "evt_")) in ids, marker, answer)
        for row in stored:
            invented.expect(is_stored_as(row, item), marker, "stored as", row)
    return [lost, twice, invented, answers]


def check_key(key, items, rows, checks):
    lost, twice, invented, answers = checks
    said = [(item, answer) for item in items for answer in item.answers]
    accepted = [(item, a) for item, a in said if a["status"] != "refused"]
    lost.expect(rows or not accepted, key, "was acknowledged and is not there")
    twice.expect(len(rows) <= 1, key, "is stored", len(rows), "times")
    new = [a for _, a in accepted if a["status"] == "recorded"]
    twice.expect(len(new) <= 1, key, "was new", len(new), "times")
    for row in rows:
        hashed = hashlib.sha256(key[1].encode()).hexdigest()[:32]
        invented.expect(row["key"].replace("-", "") == hashed, key, "has another identity")
        matching = {item.content for item in items if is_stored_as(row, item)}
        invented.expect(len(matching) == 1, key, "is stored as", row, "but was sent otherwise")
        for item, answer in said:
            is_winner = item.content in matching
            if answer["status"] == "refused":
                answers.expect(not is_winner and answer["code"] == "usage.key_reused", key, answer)
            else:
                answers.expect(is_winner, key, "was accepted with content that is not stored")
                answers.expect(uuid_of(answer["eventId"]) == row["key"], key, "has two ids")
    if not rows:
        refused = [answer for _, answer in said if answer["status"] == "refused"]
        answers.expect(not refused, key, "was refused although its key is free:", refused[:1])
