"""Money: periods, invoices and their amounts, computed from the stored events by ourselves."""

from bisect import bisect_left
from collections import Counter, defaultdict
from datetime import datetime, timedelta, timezone
from fractions import Fraction

from .exact import millis, round_half_away
from .meters import Fold
from .world import Check

ROOT = "$root"
DAY_MS = 86_400_000
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def boundary(anchor_ms, cycle, number):
    """Where the `number`-th period begins, counted from the anchor and never from the last one."""
    if cycle in ("day", "week"):
        return anchor_ms + number * DAY_MS * (7 if cycle == "week" else 1)
    anchor = EPOCH + timedelta(milliseconds=anchor_ms)
    months = anchor.year * 12 + anchor.month - 1 + number
    year, month = divmod(months, 12)
    first_of_next = datetime(year + (month + 1) // 12, (month + 1) % 12 + 1, 1, tzinfo=timezone.utc)
    last_day = (first_of_next - timedelta(days=1)).day
    at = anchor.replace(year=year, month=month + 1, day=min(anchor.day, last_day))
    return (at - EPOCH) // timedelta(milliseconds=1)


class Billing:
    """The subscriptions of one environment with their events."""

    def __init__(self, env, rows, by_meter):
        self.env, self.env_id = env, env["env_id"]
        self.plans = {plan["key"]: plan for plan in env["plans"]}
        self.meters = {meter["key"]: meter for meter in env["meters"]}
        self.rows = {row["id"]: row for row in rows if row["env_id"] == self.env_id}
        self.subscriptions = {sub["id"]: sub for sub in env["subscriptions"]}
        self.period_no = {}
        self.covered = defaultdict(list)
        for key in self.meters:
            for event in by_meter.get((self.env_id, key), []):
                for subscription in self.covering(key, event):
                    self.covered[(subscription, key)].append(event)
        for events in self.covered.values():
            events.sort(key=lambda event: event["at"])

    def covering(self, meter, event):
        """The nearest subscription upwards that has a price for the meter at the time of the event."""
        for customer in self.upwards(event["customer"]):
            found = [sub["id"] for sub in self.env["subscriptions"]
                     if sub["customer"] == customer and self.prices(sub, meter) and self.is_active(sub, event["at"])]
            if found:
                return found
        return []

    def upwards(self, customer):
        while customer is not None:
            yield customer
            customer = self.env["parents"].get(customer)
        yield ROOT

    def prices(self, subscription, meter):
        return [p for p in self.plans[subscription["plan"]]["prices"] if p["meter"] == meter]

    def is_active(self, subscription, at):
        row = self.rows.get(subscription["id"])
        return row is not None and millis(row["started_at"]) <= at and (
            row["ended_at"] is None or at < millis(row["ended_at"]))

    def fold(self, subscription, meter, start, end, before):
        """What the meter says for the period, and how many of its events came too late for `before`."""
        fold, late = Fold(), 0
        events = self.covered[(subscription, meter)]
        for index in range(bisect_left(events, start, key=lambda e: e["at"]), len(events)):
            event = events[index]
            if event["at"] >= end:
                break
            if event["xid"] < before:
                fold.add(self.meters[meter], event)
            else:
                late += 1
        return fold.quantity(self.meters[meter]), late


def check_billing(world, by_meter):
    periods = Check("P8", "periods follow each other from the anchor without gap or overlap")
    single = Check("R5", "each period that is over has one invoice, and numbers have no gap")
    amounts = Check("R6", "quantities, lines and totals are what we compute from the events")
    counts = Counter()
    tables = {name: list(world.rows(name)) for name in (
        "subscriptions", "subscription_periods", "invoice_states", "invoices", "invoice_lines",
        "invoice_numbers")}
    for env in world.environments.values():
        billing = Billing(env, tables["subscriptions"], by_meter)
        mine = {name: [r for r in rows if r["env_id"] == env["env_id"]] for name, rows in tables.items()}
        billing.period_no = {r["invoice_id"]: r["period_no"] for r in mine["invoice_states"]}
        check_periods(billing, mine, periods)
        check_invoices(billing, mine, single)
        check_numbers(env, mine, single)
        check_amounts(billing, mine, amounts, counts)
    return [periods, single, amounts], counts


def check_periods(billing, tables, check):
    check.expect(billing.rows.keys() == billing.subscriptions.keys(), billing.env["name"],
                 "has other subscriptions than were made")
    of = defaultdict(list)
    for row in tables["subscription_periods"]:
        of[row["subscription_id"]].append(row)
    for id, subscription in billing.subscriptions.items():
        rows = sorted(of[id], key=lambda row: row["period_no"])
        check.expect(rows, id, "has no period")
        cycle = billing.plans[subscription["plan"]]["cycle"]
        anchor = millis(rows[0]["period_start"]) if rows else 0
        check.expect(anchor % DAY_MS == 0, id, "does not begin at midnight")
        for number, row in enumerate(rows):
            wanted = (number, boundary(anchor, cycle, number), boundary(anchor, cycle, number + 1))
            found = (row["period_no"], millis(row["period_start"]), millis(row["period_end"]))
            check.expect(found == wanted, id, "has period", found, "instead of", wanted)


def check_invoices(billing, tables, check):
    """One state for each period that is over, content for each whose grace is over, and no more."""
    states = Counter((r["subscription_id"], r["period_no"], r["kind"]) for r in tables["invoice_states"])
    contents = Counter(row["id"] for row in tables["invoices"])
    state_of = {(r["subscription_id"], r["period_no"]): r for r in tables["invoice_states"]}
    now = billing.env["now"]
    for key, count in states.items():
        check.expect(count == 1, key, "has", count, "invoices")
    for row in tables["subscription_periods"]:
        key = (row["subscription_id"], row["period_no"])
        plan = billing.plans[billing.subscriptions[key[0]]["plan"]]
        end, state = millis(row["period_end"]), state_of.get(key)
        check.expect((state is not None) == (end <= now), key, "ends at", row["period_end"], "and has", state)
        if state is None:
            continue
        is_final = end + plan["graceSeconds"] * 1000 <= now
        check.expect((contents[state["invoice_id"]] == 1) == is_final, key, "has content too early or not at all")
        check.expect((state["status"] == "draft") != is_final, key, "is", state["status"])
    known = {row["invoice_id"] for row in tables["invoice_states"]}
    for id, count in contents.items():
        check.expect(count == 1 and id in known, id, "exists", count, "times")


def check_numbers(env, tables, check):
    numbers = sorted(int("".join(c for c in row["number"].rsplit("-", 1)[-1] if c.isdigit()))
                     for row in tables["invoices"])
    check.expect(numbers == list(range(1, len(numbers) + 1)), env["name"], "has numbers", numbers[:5], "… to",
                 numbers[-1:], "for", len(numbers), "invoices")
    following = [row["next"] for row in tables["invoice_numbers"]]
    check.expect(following in ([len(numbers) + 1], [] if not numbers else None), env["name"], "goes on with", following)


def check_amounts(billing, tables, check, counts):
    lines_of = defaultdict(list)
    for line in tables["invoice_lines"]:
        lines_of[line["invoice_id"]].append(line)
    late_of = check_late(billing, tables["invoices"], lines_of, (check, counts))
    for invoice in tables["invoices"]:
        counts["invoices"] += 1
        lines = lines_of.pop(invoice["id"], [])
        subscription = billing.subscriptions[invoice["subscription_id"]]
        plan = billing.plans[subscription["plan"]]
        base = [line for line in lines if line["kind"] == "base"]
        check.expect(len(base) == 1 and base[0]["amount_minor"] == int(plan["baseMinor"]), invoice["number"],
                     "has base lines", base)
        total = int(plan["baseMinor"]) + late_of[invoice["id"]]
        for price in plan["prices"]:
            found = [line for line in lines if line["kind"] == "usage" and line["meter_key"] == price["meter"]]
            total += check_line(billing, invoice, (price, found, 10 ** plan["minorDigits"]), (check, counts))
        check.expect(sum(line["amount_minor"] for line in lines) == invoice["total_minor"] == total,
                     invoice["number"], "totals", invoice["total_minor"], "and should be", total)
        usage = [line for line in lines if line["kind"] == "usage"]
        check.expect(len(usage) <= len(plan["prices"]), invoice["number"], "has", len(usage), "usage lines")
    check.expect(not lines_of, "lines without an invoice:", list(lines_of)[:3])


def cost(price, quantity, minor):
    billable = max(quantity - Fraction(price["includedUnits"]), Fraction(0))
    return round_half_away(billable * Fraction(price["unitPrice"]) * minor)


def check_late(billing, invoices, lines_of, to):
    """Each invoice charges what earlier periods cost now without what was billed of them; returns its sum."""
    late_of = Counter()
    by_subscription = defaultdict(list)
    for invoice in sorted(invoices, key=lambda invoice: millis(invoice["period_end"])):
        by_subscription[invoice["subscription_id"]].append(invoice)
    for subscription, mine in by_subscription.items():
        plan = billing.plans[billing.subscriptions[subscription]["plan"]]
        for price in plan["prices"]:
            check_late_price(billing, (subscription, price, 10 ** plan["minorDigits"]), mine, (lines_of, late_of), to)
    return late_of


def check_late_price(billing, priced, invoices, about, to):
    (subscription, price, minor), (lines_of, late_of), (check, counts) = priced, about, to
    meter = price["meter"]

    def now_cost(invoice, before):
        start, end = millis(invoice["period_start"]), millis(invoice["period_end"])
        return cost(price, billing.fold(subscription, meter, start, end, before)[0], minor)

    arrived = sorted(billing.covered[(subscription, meter)], key=lambda event: event["xid"])
    xids = [event["xid"] for event in arrived]
    spans = [(millis(each["period_start"]), millis(each["period_end"])) for each in invoices]
    billed, touched = {}, set()
    for number, invoice in enumerate(invoices):
        since = invoices[number - 1]["usage_before"] if number else 0
        fresh = arrived[bisect_left(xids, since):bisect_left(xids, invoice["usage_before"])]
        for at in {event["at"] for event in fresh}:
            touched |= {n for n, (start, end) in enumerate(spans[:number]) if start <= at < end}
        found = {line["late_period_no"]: line for line in lines_of[invoice["id"]]
                 if line["kind"] == "late" and line["meter_key"] == meter}
        charged = 0
        for n in sorted(touched):
            line = found.pop(billing.period_no[invoices[n]["id"]], None)
            wanted = now_cost(invoices[n], invoice["usage_before"]) - billed[n]
            if line is None:  # what the roll-up counted while the invoice was made waits for the next one
                seen = now_cost(invoices[n], invoice["late_before"]) - billed[n]
                check.expect(seen == 0, invoice["number"], meter, "has no line of", wanted, "for",
                             invoices[n]["number"])
                touched = touched - {n} if wanted == 0 else touched
                continue
            check.expect(line["amount_minor"] == line["late_difference"] == wanted, invoice["number"], meter,
                         "charges", line["amount_minor"], "and not", wanted, "late for", invoices[n]["number"])
            charged, counts["late lines"] = charged + wanted, counts["late lines"] + 1
            billed[n] += wanted
            touched = touched - {n}
        check.expect(not found, invoice["number"], meter, "has late lines of periods without late usage:", list(found))
        late_of[invoice["id"]] += charged
        billed[number] = now_cost(invoice, invoice["usage_before"])


def check_line(billing, invoice, priced, to):
    """Compares the line for one price, and returns what it should cost."""
    price, found, minor = priced
    check, counts = to
    start, end = millis(invoice["period_start"]), millis(invoice["period_end"])
    quantity, late = billing.fold(invoice["subscription_id"], price["meter"], start, end, invoice["usage_before"])
    counts["late"] += late
    included = Fraction(price["includedUnits"])
    amount = cost(price, quantity, minor)
    is_there = len(found) == 1 if quantity else len(found) <= 1
    check.expect(is_there, invoice["number"], price["meter"], "has", len(found), "lines for", float(quantity))
    counts["lines"] += len(found)
    for line in found:
        shown = (Fraction(line["quantity"]), Fraction(line["included"]), line["amount_minor"])
        check.expect(shown == (quantity, included, amount), invoice["number"], price["meter"], "shows",
                     [str(part) for part in shown], "instead of", float(quantity), float(included), amount)
    return amount
