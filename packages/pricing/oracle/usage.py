"""What was used under each part of a price, and which grants of units pay for it."""
from math import inf

from exact import ZERO, number, twelve


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
