"""From the lines of an invoice to what is due: coupons, minimum, credits of money, taxes."""
from fractions import Fraction

from exact import nearest, number
from lines import Line


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
