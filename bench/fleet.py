"""Four workers beside one: how much faster a fleet is, and whether it is as polite as one process.

    python bench/fleet.py [HOSTS] [DOCUMENTS] [DELAY]

Three fleets run the same sources: one worker with 5 jobs at a time, four such workers, and one with as many jobs as
there are hosts. Hosts are ports of the loopback; the server notes every request. Prints the seconds from the first
request to the end of the last run, and the shortest interval of any host; exits 1 where four workers are not 3.5 times
as fast as one, where a document is missing, or where a host was asked sooner than its delay allows.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench._fleet import a_lab, hosts


def measure(workers: int, concurrency: int, number: int, documents: int, delay: float) -> tuple[float, bool]:
    """Return how long a fleet took, and whether it kept everything and the delay."""
    with hosts(number, documents) as sites, a_lab() as lab:
        lab.publish([], delay)
        for each in range(workers):
            lab.start("--queues", "crawl,extract", "--concurrency", str(concurrency))
            lab.await_said(each, "at work")
        lab.publish(sites.ports, delay)  # seen when the schedule is looked at, each minute
        while lab.ended() < number:
            time.sleep(0.1)
        seconds = time.monotonic() - min(moment for moment, _, _ in sites.asked)
        kept = len(lab.documents())
        polite, words = lab.polite(sites, delay)
    print(
        f"{workers} worker(s) with {concurrency} jobs: {seconds:.1f} s for {number} hosts of {documents} documents "
        f"({kept} kept); {words}",
        flush=True,
    )
    return seconds, kept == number * documents and polite


def compare(number: int, documents: int, delay: float) -> bool:
    """Measure the three fleets; return whether all is as it should be."""
    one, kept_one = measure(1, 5, number, documents, delay)
    four, kept_four = measure(4, 5, number, documents, delay)
    wide, kept_wide = measure(1, number, number, documents, delay)
    print(f"four workers are {one / four:.2f} times as fast as one (at least 3.5)")
    print(f"one worker with {number} jobs is {one / wide:.2f} times as fast as with 5")
    return one / four >= 3.5 and kept_one and kept_four and kept_wide


if __name__ == "__main__":
    given = [float(word) for word in sys.argv[1:]] + [40, 6, 1.5][len(sys.argv) - 1 :]
    sys.exit(0 if compare(int(given[0]), int(given[1]), given[2]) else 1)
