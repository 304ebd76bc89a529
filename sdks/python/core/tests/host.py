"""A program that uses the client, as a process of its own: `host.py WHAT-BECOMES-OF-IT`"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys

from usageflow.core import UsageFlow

client = UsageFlow(flush_s=3_600, timeout_s=60)


def track(first: int, last: int) -> None:
    for amount in range(first, last + 1):
        client.track(name="API_CALL", customer_id="user_123", amount=amount)


def main(what: str) -> None:
    track(1, 10)
    if what == "raises":
        raise RuntimeError("the host fails")
    if what == "is terminated":
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        os.kill(os.getpid(), signal.SIGTERM)
    if what == "forks":
        if os.fork() == 0:
            track(11, 20)
        else:
            os.wait()
            track(21, 30)
    if what == "has a worker":
        worker = multiprocessing.get_context("fork").Process(target=track, args=(11, 20))
        worker.start()
        worker.join()
        track(21, 30)


if __name__ == "__main__":
    main(sys.argv[1])
