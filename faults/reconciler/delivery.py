"""Facts and webhooks; walls between environments; nothing left behind."""

import json
from collections import Counter, defaultdict

from .exact import canonical
from .world import Check, lines

WALLED_TABLES = (
    "customers", "usage_events", "events_by_customer", "usage_rollups", "usage_uniques", "subscriptions",
    "subscription_periods", "invoice_states", "invoices", "invoice_lines", "invoice_line_coverage",
    "facts", "webhook_endpoints", "webhook_deliveries", "webhook_attempts", "due", "meters", "plans")


def check_webhooks(world):
    facts = Check("R7", "each change has its fact, once")
    received = Check("R7", "each fact was received by every endpoint that wants it, under one id")
    rows = list(world.rows("facts"))
    of_type = Counter((row["env_id"], row["type"], subject_of(row)) for row in rows)
    expect_facts(world, of_type, facts)
    heard = defaultdict(dict)
    for line in lines(world.folder / "webhooks.ndjson"):
        heard[line["endpoint"]].setdefault(line["id"], line["body"])
    deliveries = defaultdict(list)
    for row in world.rows("webhook_deliveries"):
        deliveries[(row["env_id"], row["endpoint_id"], row["fact_id"])].append(row)
    wanted_ids = Counter()
    for env in world.environments.values():
        for endpoint in env["endpoints"]:
            for fact in rows:
                if fact["env_id"] != env["env_id"] or not wants(endpoint, fact):
                    continue
                sent = deliveries.pop((env["env_id"], endpoint["id"], fact["id"]), [])
                delivery = sent[0] if len(sent) == 1 else {"id": None, "state": f"{len(sent)} deliveries"}
                received.expect(delivery["state"] == "delivered", endpoint["name"], fact["type"], delivery["state"])
                bodies = [heard[endpoint["name"]].get(id) for id in (delivery["id"], fact["id"])]
                body = next((body for body in bodies if body), None)
                received.expect(body is not None, endpoint["name"], fact["id"], "was never received")
                wanted_ids[endpoint["name"]] += 1
                if body is not None:
                    same = body["type"] == fact["type"] and canonical(body["data"]) == canonical(fact["data"])
                    received.expect(same, endpoint["name"], fact["id"], "says", body, "of", fact["data"])
            received.expect(len(heard[endpoint["name"]]) == wanted_ids[endpoint["name"]], endpoint["name"],
                            "received", len(heard[endpoint["name"]]), "facts of", wanted_ids[endpoint["name"]])
    received.expect(not deliveries, "deliveries to nobody:", list(deliveries)[:3])
    return [facts, received], {"facts": len(rows), "webhooks": sum(map(len, heard.values()))}


def subject_of(fact):
    return fact["data"].get("invoiceId") or fact["data"].get("subscriptionId")


def expect_facts(world, of_type, check):
    wanted = Counter()
    for row in world.rows("invoice_states"):
        wanted[(row["env_id"], "invoice.created", row["invoice_id"])] = 1
        if row["status"] != "draft":
            wanted[(row["env_id"], "invoice.finalized", row["invoice_id"])] = 1
    for row in world.rows("subscriptions"):
        wanted[(row["env_id"], "subscription.activated", row["id"])] = 1
    checked = {"invoice.created", "invoice.finalized", "subscription.activated"}
    for key in wanted.keys() | {key for key in of_type if key[1] in checked}:
        check.expect(of_type[key] == wanted[key], key, "has", of_type[key], "facts instead of", wanted[key])


def wants(endpoint, fact):
    return fact["type"] in endpoint["types"] if endpoint["types"] else True


def check_walls(world):
    check = Check("R10", "no row and no webhook of one environment holds anything of another")
    meters = {(row["env_id"], row["meter_no"]) for row in world.rows("meters")}
    canaries = {env["env_id"]: env["canary"] for env in world.environments.values()}
    for table in WALLED_TABLES:
        for row in world.rows(table):
            if table in ("usage_rollups", "usage_uniques"):
                check.expect((row["env_id"], row["meter_no"]) in meters, table, row)
            expect_no_foreign(check, canaries, row["env_id"], json.dumps(row, default=str), table)
    owner = {e["name"]: env["env_id"] for env in world.environments.values() for e in env["endpoints"]}
    for line in lines(world.folder / "webhooks.ndjson"):
        expect_no_foreign(check, canaries, owner[line["endpoint"]], json.dumps(line, default=str), "webhook")
    return check


def expect_no_foreign(check, canaries, env_id, text, where):
    foreign = [canary for other, canary in canaries.items() if other != env_id and canary in text]
    check.expect(not foreign, where, "of", env_id, "holds", foreign, text[:200])


def check_nothing_left(world):
    check = Check("P17", "nothing is parked, overdue or on its way")
    for row in world.rows("due"):
        check.expect(row["parked_at"] is None, row["kind"], row["ref"], "is parked:", row["last_error"])
    for row in world.rows("subscriptions"):
        check.expect(row["parked_reason"] is None, row["id"], "is parked:", row["parked_reason"])
    for row in world.rows("webhook_deliveries"):
        check.expect(row["state"] == "delivered", row["id"], "is", row["state"])
    return check
