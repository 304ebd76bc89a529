"""Compares what the clients sent and were told with what the database holds, after the faults.

    python3 reconcile.py FOLDER

Reads journals, webhooks and table dumps as the harness left them, prints one JSON object, and exits
1 if anything differs. It shares no code with the product and computes every amount by itself, in
exact fractions. Python 3.11, standard library only.
"""

import json
import sys
from pathlib import Path

from reconciler.billing import check_billing
from reconciler.delivery import check_nothing_left, check_walls, check_webhooks
from reconciler.events import check_events
from reconciler.meters import check_customer_index, check_rollups, check_usage_answers, events_by_meter
from reconciler.world import World


def checks_of(world):
    """Every promise with what was found, and what there was to look at."""
    events = list(world.rows("usage_events"))
    by_meter = events_by_meter(world, events)
    billing, billed = check_billing(world, by_meter)
    webhooks, told = check_webhooks(world)
    checks = check_events(world, events)
    checks += [check_rollups(world, by_meter), check_usage_answers(world, by_meter),
               check_customer_index(world, events)]
    checks += billing + webhooks + [check_walls(world), check_nothing_left(world)]
    return checks, {"stored": len(events), **billed, **told}


def main(folder):
    checks, counts = checks_of(World(folder))
    print(json.dumps({"checks": [check.report() for check in checks], "counts": counts}))
    return 1 if any(check.broken for check in checks) else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
