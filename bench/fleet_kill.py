"""Kill one of two workers with -9 at random times, and see whether the other goes on as if nothing had happened.

    python bench/fleet_kill.py [TRIALS] [HOSTS] [DOCUMENTS] [DELAY] [SEED]

The first two hosts have two sources each: these must never run at once. Every trial crawls the same hosts into a new
corpus. Prints a line per trial; exits 1 where the stored documents differ from those of an undisturbed run, where a
job of the killed worker was not begun again within 60 s, where more than 16 pages of one crawl were asked again, or
where a host was asked sooner than its delay allows.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench._fleet import Hosts, Lab, a_lab, hosts


def begin(lab: Lab, ports: list[int], delay: float) -> None:
    """Start two workers, then give them something to do."""
    lab.publish([], delay)
    for each in range(2):
        lab.start("--queues", "crawl,extract", "--concurrency", str(len(ports)))
        lab.await_said(each, "at work")
    lab.publish(ports, delay)


def undisturbed(sites: Hosts, ports: list[int], delay: float) -> tuple[list[tuple[object, ...]], float]:
    """Return what is stored where nobody is killed, and for how long something is asked."""
    with a_lab() as lab:
        begin(lab, ports, delay)
        while lab.ended() < len(ports):
            time.sleep(0.1)
        return lab.documents(), sites.asked[-1][0] - sites.asked[0][0]


def restarted(sites: Hosts, lab: Lab, ports: list[int], names: list[str], killed: float) -> float:
    """Return the seconds after which the last of some sources was asked again."""
    places = {ports[int(name.removeprefix("host-"))] for name in names}
    later = {port: [moment for moment, asked, _ in sites.asked if asked == port and moment > killed] for port in places}
    return max((min(moments, default=float("inf")) - killed for moments in later.values()), default=0.0)


def trial(number: int, sites: Hosts, ports: list[int], delay: float, after: float, wanted: object) -> bool:
    """Kill one of two workers some seconds after the first request; return whether all is as it should be."""
    sites.asked.clear()
    with a_lab() as lab:
        begin(lab, ports, delay)
        while not sites.asked:
            time.sleep(0.01)
        time.sleep(after)
        names = lab.held_by(lab.workers[0])
        lab.workers[0].kill()
        killed = time.monotonic()
        lab.workers[0].wait()
        while lab.ended() < len(ports):
            time.sleep(0.1)
        same = lab.documents() == wanted
        runs = lab.ended()
        polite, words = lab.polite(sites, delay)
    waited = restarted(sites, lab, ports, names, killed)
    pages = Counter((port, path) for _, port, path in sites.asked if path.startswith(("/d/", "/list/")))
    again = Counter({port: sum(n - 1 for (each, _), n in pages.items() if each == port) for port in ports})
    most = max(again.values())
    print(
        f"trial {number}: killed after {after:.1f} s at {len(names)} sources; begun again within {waited:.0f} s; "
        f"{most} pages of one host asked again at most, {sum(again.values())} in all; documents the same: {same}; "
        f"{runs} runs; {words}",
        flush=True,
    )
    return same and runs == len(ports) and waited <= 60 and most <= 16 and polite


def measure(trials: int, number: int, documents: int, delay: float, seed: int) -> bool:
    """Do all trials."""
    dice = random.Random(seed)
    with hosts(number, documents) as sites:
        ports = sites.ports + sites.ports[:2]
        wanted, seconds = undisturbed(sites, ports, delay)
        print(f"undisturbed: {len(wanted)} documents of {len(ports)} sources in {seconds:.0f} s", flush=True)
        outcomes = [
            trial(each + 1, sites, ports, delay, dice.uniform(0.5, 0.9 * seconds), wanted) for each in range(trials)
        ]
    print(f"{sum(outcomes)} of {trials} trials lost nothing, doubled nothing and were polite")
    return all(outcomes) and len(wanted) == len(ports) * documents


if __name__ == "__main__":
    given = [float(word) for word in sys.argv[1:]] + [10, 6, 15, 1, 1][len(sys.argv) - 1 :]
    sys.exit(0 if measure(int(given[0]), int(given[1]), int(given[2]), given[3], int(given[4])) else 1)
