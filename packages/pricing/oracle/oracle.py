#!/usr/bin/env python3
"""A second implementation of the rules of docs/guide/amounts.md, to compare the first one with.

Reads cases as JSON lines, as tools/verify-pricing/case.ts describes them, and answers each with one JSON
line; an empty line asks for the answers so far. Everything is an exact fraction until it is rounded, and
nothing here was taken from the other one:
events are looked at one by one, not summed up between borders; remainders are sorted, not counted.

    echo '{"currency": "USD", …}' | python3 oracle.py
"""
import json
import sys
from fractions import Fraction

from exact import number, plain
from lines import Pricer, charge, item
from settlement import add_taxes, take_coupons, true_up, use_prepaid, use_promotional
from usage import meter_usage

MINOR_DIGITS = {"JPY": 0, "EUR": 2, "USD": 2, "KWD": 3, "CLF": 4}


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
