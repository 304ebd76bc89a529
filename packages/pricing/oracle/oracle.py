#!/usr/bin/env python3
"""A second implementation of the rules of docs/guide/amounts.md, to compare the first one with.

Reads cases as JSON lines, as tools/verify-pricing/case.ts describes them, and answers each with one JSON
line; an empty line asks for the answers so far. Everything is an exact fraction until it is rounded, and nothing here was taken from the other one:
events are looked at one by one, not summed up between borders; remainders are sorted, not counted.

    echo '{"currency": "USD", …}' | python3 oracle.py
"""
import json
import sys
from fractions import Fraction
from functools import lru_cache
from math import ceil, inf

MINOR_DIGITS = {"JPY": 0, "EUR": 2, "USD": 2, "KWD": 3, "CLF": 4}
ATOMS = 10**12  # of one unit: what the twelfth digit counts

ZERO = Fraction(0)


@lru_cache(maxsize=65_536)
def number(text):
    """The fraction that a decimal text means."""
    whole, _, digits = text.partition(".")
    return Fraction(int(whole + digits), 10 ** len(digits))


def plain(value):
    """The shortest decimal text of a fraction that has one of 12 digits."""
    atoms, rest = divmod(value.numerator * ATOMS, value.denominator)
    assert rest == 0, f"{value} has more than 12 digits"
    whole, digits = divmod(abs(atoms), ATOMS)
    text = f"{whole}.{digits:012d}".rstrip("0").rstrip(".") if digits else str(whole)
    return "-" + text if atoms < 0 else text


def nearest(value):
    """The nearest integer; from the middle, away from zero."""
    whole, rest = divmod(abs(value.numerator), value.denominator)
    size = whole + (2 * rest >= value.denominator)
    return size if value >= 0 else -size


def twelve(value):
    """Rounded to the twelfth digit."""
    return Fraction(nearest(value * ATOMS), ATOMS)


class Line:
    """A row of the invoice. Amounts are integers of the minor unit, the rest fractions."""

    def __init__(self, kind, name, tax, **rest):
        self.kind, self.name, self.tax = kind, name, tax
        self.values = rest.get("values")
        self.rule = rest.get("rule", "flat")
        self.quantity = rest.get("quantity", ZERO)
        self.included = rest.get("included", ZERO)
        self.credited = rest.get("credited", ZERO)
        self.billable = rest.get("billable", ZERO)
        self.units = rest.get("units", self.billable)
        self.unit_price = rest.get("unit_price", ZERO)
        self.fixed = rest.get("fixed", ZERO)
        self.amount = rest.get("amount", 0)
        self.off = self.promotional = self.taxed = self.paid = 0
        self.is_inclusive = False

    def net(self):
        return self.amount - self.off - self.promotional

    def gross(self):
        return self.net() if self.is_inclusive else self.net() + self.taxed

    def shown(self):
        decimals = (self.quantity, self.included, self.credited, self.billable,
                    self.units, self.unit_price, self.fixed)
        return [self.kind, self.name, self.values, self.rule, *map(plain, decimals),
                self.amount, self.off, self.promotional, self.taxed]


# Usage


def parts_of(price):
    """[(values, simple price)], that for all other values last."""
    if price["model"] != "by_dimension":
        return [(None, price)]
    return [(case["values"], case["price"]) for case in price["cases"]] + [(None, price["otherwise"])]


def is_same(left, right):
    """Whether two values of a property are the same; to Python, True is 1."""
    return left == right and isinstance(left, bool) == isinstance(right, bool)


def part_of(parts, values):
    for index, (wanted, _) in enumerate(parts[:-1]):
        if all(map(is_same, wanted, values)):
            return index
    return len(parts) - 1


class Part:
    """What was used under one simple price, and who has paid for what is beyond the included units."""

    def __init__(self, values, price, share):
        self.values, self.price = values, price
        self.included = twelve(number(price.get("included", "0")) * share)
        self.used, self.events = ZERO, 0
        self.payers = []  # [grant or None, units], in the order of use

    def beyond(self):
        return max(ZERO, self.used - self.included)

    def paid(self):
        return sum((units for _, units in self.payers), ZERO)

    def credited(self):
        return sum((units for grant, units in self.payers if grant), ZERO)

    def keep(self, limit):
        """Forgets who has paid for what is beyond `limit` units, and gives it back."""
        kept, rest = [], limit
        for grant, units in self.payers:
            stays = min(units, rest)
            rest -= stays
            if grant:
                grant["left"] += units - stays
            if stays:
                kept.append([grant, stays])
        self.payers = kept

    def pay(self, grants):
        """What is beyond and not paid for is paid for by the grants, the rest with money."""
        missing = self.beyond() - self.paid()
        for grant in grants:
            units = min(missing, grant["left"])
            if units > 0:
                grant["left"] -= units
                missing -= units
                self.payers.append([grant, units])
        if missing > 0:
            self.payers.append([None, missing])


def grant_order(grant):
    expiry = inf if grant["to"] is None else grant["to"]
    return (grant["priority"], expiry, not grant["promotional"], grant["grantedAt"], grant["id"])


def is_valid(grant, at):
    return grant["from"] <= at and (grant["to"] is None or at < grant["to"])


def meter_usage(meter, share, end):
    """The parts of a meter's price with their usage, and its grants in the order of use."""
    parts = [Part(values, price, share) for values, price in parts_of(meter["price"])]
    events = [(at, part_of([(p.values, p.price) for p in parts], values), number(amount))
              for at, values, amount in meter["events"]]
    grants = sorted((dict(grant, left=number(grant["units"])) for grant in meter["grants"]), key=grant_order)
    for _, index, _ in events:
        parts[index].events += 1
    if any(amount < 0 for _, _, amount in events):
        by_stretches(parts, events, grants, end)
    else:
        one_by_one(parts, events, grants)
    return parts, grants


def stretches_of(grants):
    """The instants at which grants begin and end."""
    return sorted({0, *(at for grant in grants for at in (grant["from"], grant["to"]) if at is not None and at > 0)})


def one_by_one(parts, events, grants):
    """Usage that only grows: each event takes credits at its time. Parts of a price share the credits of a
    stretch between two borders of grants in their order."""
    if len(parts) > 1:
        starts = stretches_of(grants)
        events = [(sum(at >= start for start in starts), index, at, amount) for at, index, amount in events]
    else:
        events = [(0, index, at, amount) for at, index, amount in events]
    for _, index, at, amount in sorted(events, key=lambda event: event[:3]):
        part = parts[index]
        part.used += amount
        if part.used > part.included:
            part.pay([grant for grant in grants if is_valid(grant, at)])


def by_stretches(parts, events, grants, end):
    """Usage that shrinks at times: between two borders of grants only the difference counts, and what was
    used last is given back first, before anything new is taken."""
    starts = [start for start in stretches_of(grants) if start < end]
    for start, until in zip(starts, [*starts[1:], end]):
        for at, index, amount in events:
            if start <= at < until:
                parts[index].used += amount
        for part in parts:
            part.keep(part.beyond())
        for part in parts:
            part.pay([grant for grant in grants if is_valid(grant, start)])


# Prices


class Pricer:
    """Makes the lines of one part of a price."""

    def __init__(self, meter, part, digits):
        self.meter, self.part, self.digits = meter, part, digits
        self.billable = part.beyond() - part.credited()
        self.lines = []

    def line(self, rule, **rest):
        amount = nearest((rest["units"] * rest["unit_price"] + rest["fixed"]) * 10**self.digits)
        line = Line("usage", self.meter["name"], self.meter["tax"], values=self.part.values, rule=rule,
                    amount=amount, **rest)
        self.lines.append(line)

    def whole(self, rule, units, unit_price, fixed=ZERO):
        """The one line of a price that is not graduated."""
        part = self.part
        self.line(rule, quantity=part.used, included=part.included, credited=part.credited(),
                  billable=self.billable, units=units, unit_price=unit_price, fixed=fixed)

    def price(self):
        price, model = self.part.price, self.part.price["model"]
        if self.part.used != 0 or (model == "percentage" and self.part.events):
            getattr(self, model)(price)
        total = sum(line.amount for line in self.lines)
        for name, is_broken in (("minimum", lambda bound: total < bound), ("maximum", lambda bound: total > bound)):
            bound = price.get(name)
            if bound is not None and is_broken(number(bound) * 10**self.digits):
                fixed = number(bound) - Fraction(total, 10**self.digits)
                self.line(name, units=ZERO, unit_price=ZERO, fixed=fixed)
        return self.lines

    def per_unit(self, price):
        self.whole("per_unit", self.billable, number(price["unitPrice"]))

    def package(self, price):
        self.whole("package", Fraction(ceil(self.billable / number(price["packageSize"]))), number(price["packagePrice"]))

    def volume(self, price):
        tier = next(t for t in price["tiers"] if t["upTo"] is None or not self.billable > number(t["upTo"]))
        fee = number(tier.get("flatFee", "0")) if self.billable else ZERO
        self.whole("volume", self.billable, number(tier["unitPrice"]), fee)

    def percentage(self, price):
        fixed = number(price.get("fixedPerEvent", "0")) * self.part.events
        self.whole("percentage", self.billable, number(price["percent"]) / 100, fixed)

    def graduated(self, price):
        part, low = self.part, ZERO
        free = dict(quantity=part.used - self.billable, included=part.included, credited=part.credited())
        for tier in price["tiers"]:
            high = inf if tier["upTo"] is None else number(tier["upTo"])
            inside = min(self.billable, high) - low
            if inside > 0:
                free["quantity"] += inside
                self.line("tier", **free, billable=inside, units=inside, unit_price=number(tier["unitPrice"]),
                          fixed=number(tier.get("flatFee", "0")))
                free = dict(quantity=ZERO, included=ZERO, credited=ZERO)
            low = high
        if not self.lines:
            self.line("tier", **free, billable=ZERO, units=ZERO, unit_price=number(price["tiers"][0]["unitPrice"]), fixed=ZERO)


def charge(kind, row, digits):
    share = Fraction(*row["share"])
    quantity = number(row["quantity"])
    part = twelve(quantity * share)
    return Line(kind, row.get("name", ""), row["tax"], quantity=part, billable=part,
                unit_price=Fraction(row["amount"], 10**digits), amount=nearest(row["amount"] * quantity * share))


def item(row, digits):
    quantity = number(row["quantity"])
    return Line("item", row["name"], row["tax"], quantity=quantity, billable=quantity,
                unit_price=Fraction(row["amount"], 10**digits), amount=nearest(row["amount"] * quantity))


# From lines to what is due


def shares(amount, weights):
    """`amount` in whole numbers in proportion to the weights: what is missing goes to the largest remainders."""
    whole = sum(weights)
    parts, remainders = zip(*(divmod(amount * weight, whole) for weight in weights))
    missing = amount - sum(parts)
    lucky = sorted(range(len(parts)), key=lambda at: (-remainders[at], at))[:missing]
    return [part + (at in lucky) for at, part in enumerate(parts)]


def share_out(amount, lines, weigh, field):
    """Adds to `field` of each line its part of an amount, in proportion to what `weigh` says of it."""
    if amount:
        for line, part in zip(lines, shares(amount, [weigh(line) for line in lines])):
            setattr(line, field, getattr(line, field) + part)


def take_coupons(coupons, lines):
    taken = []
    for coupon in coupons:
        left = max(0, sum(line.net() for line in lines))
        asked = nearest(left * number(coupon["percent"]) / 100) if "percent" in coupon else coupon["amount"]
        taken.append([coupon["id"], min(asked, left)])
        share_out(min(asked, left), lines, Line.net, "off")
    return taken


def paid_by(grant, lines):
    """The lines that a grant of money may pay for."""
    if grant["meters"] is None:
        return lines
    return [line for line in lines if line.kind == "usage" and line.name in grant["meters"]]


def use_promotional(grants, lines):
    used = []
    for grant in grants:
        mine = paid_by(grant, lines)
        amount = min(grant["left"], sum(line.net() for line in mine), sum(line.net() for line in lines))
        if amount > 0:
            share_out(amount, mine, Line.net, "promotional")
            used.append([grant["id"], amount])
    return used


def add_taxes(rates, lines):
    taxes = []
    for rate in rates:
        mine = [line for line in lines if line.tax == rate["id"]]
        if not mine:
            continue
        base, part = sum(line.net() for line in mine), number(rate["percent"]) / 100
        tax = base - nearest(base / (1 + part)) if rate["inclusive"] else nearest(base * part)
        for line in mine:
            line.is_inclusive = rate["inclusive"]
        sign = -1 if tax < 0 else 1
        parts = shares(sign * tax, [sign * line.net() for line in mine]) if tax else [0] * len(mine)
        for line, share in zip(mine, parts):
            line.taxed = sign * share
        taxes.append([rate["id"], base, tax])
    return taxes


def use_prepaid(grants, lines, total):
    used, due = [], max(0, total)
    for grant in grants:
        mine = paid_by(grant, lines)
        amount = min(grant["left"], sum(line.gross() - line.paid for line in mine), due)
        if amount > 0:
            share_out(amount, mine, lambda line: line.gross() - line.paid, "paid")
            used.append([grant["id"], amount])
            due -= amount
    return used, due


def true_up(case, lines, digits):
    """The line that brings the plan to its minimum, if it is needed."""
    if case["minimum"] is None:
        return []
    missing = case["minimum"] - sum(line.net() for line in lines if line.kind != "item")
    if missing <= 0:
        return []
    return [Line("true_up", "", case["planTax"], fixed=Fraction(missing, 10**digits), amount=missing)]


def invoice(case):
    digits = MINOR_DIGITS[case["currency"]]
    share = Fraction(*case["share"])
    lines = [charge("base", case["base"], digits)] if case["base"] else []
    lines += [charge("flat", row, digits) for row in case["flats"]]
    credits = []
    for meter in case["meters"]:
        parts, grants = meter_usage(meter, share, case["end"])
        for part in parts:
            lines += Pricer(meter, part, digits).price()
        credits.append([[grant["id"], plain(number(grant["units"]) - grant["left"])]
                        for grant in grants if grant["left"] != number(grant["units"])])
    lines += [item(row, digits) for row in case["items"]]
    subtotal = sum(line.amount for line in lines)
    discounts = take_coupons(case["coupons"], lines)
    added = true_up(case, lines, digits)
    lines += added
    promotional = use_promotional(case["promotional"], lines)
    taxes = add_taxes(case["taxes"], lines)
    total = sum(line.gross() for line in lines)
    prepaid, due = use_prepaid(case["prepaid"], lines, total)
    return {
        "credits": credits,
        "lines": [line.shown() for line in lines],
        "subtotal": subtotal,
        "discounts": discounts,
        "trueUp": sum(line.amount for line in added),
        "promotional": promotional,
        "taxes": taxes,
        "tax": sum(tax for _, _, tax in taxes),
        "total": total,
        "prepaid": prepaid,
        "due": due,
    }


def answer(text):
    try:
        return invoice(json.loads(text))
    except Exception as error:  # said, not died of: a case that is made smaller may be impossible
        return {"error": repr(error)}


if __name__ == "__main__":
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    for text in sys.stdin:
        if text == "\n":  # the end of a batch
            sys.stdout.flush()
        else:
            print(encode(answer(text)))
