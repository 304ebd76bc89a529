"""The rows of an invoice: charges, items, and the usage of each price."""
from fractions import Fraction
from math import ceil, inf

from exact import ZERO, nearest, number, plain, twelve


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
