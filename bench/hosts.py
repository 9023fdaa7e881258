"""Many hosts at one request a second each, in one process: pages a second, cores, and memory as it grows.

    python bench/hosts.py [PAGES] [HOSTS]

Captures only; extraction follows in children of its own. The hosts are ports of a synthetic site on the loopback.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench._crawling import capture, source
from bench._site import site


def watch(over: threading.Event, memory: list[float]) -> None:
    """Note the memory of this process every five seconds, in MiB."""
    me = psutil.Process()
    while not over.wait(5):
        memory.append(me.memory_info().rss / 2**20)


def measure(pages: int, hosts: int) -> bool:
    """Crawl, and return whether speed, cores and memory are kept."""
    memory: list[float] = []
    over = threading.Event()
    watcher = threading.Thread(target=watch, args=(over, memory), daemon=True)
    with site(pages // hosts, hosts) as roots, tempfile.TemporaryDirectory() as place:
        watcher.start()
        used = time.process_time()
        sources = [source(f"host-{n}", root, delay=1) for n, root in enumerate(roots)]
        captured, wall = capture(Path(place) / "corpus", sources)
        cores = time.process_time() - used
        over.set()
    asked = captured + hosts * (2 + -(-(pages // hosts) // 30))  # listings, robots.txt, reservations
    half, end = memory[len(memory) // 2], memory[-1]
    print(f"{hosts} hosts, {captured} documents in {wall:.0f} s: {asked / wall:.1f} pages a second (at least 35)")
    print(f"{cores / wall:.2f} of one core (under 1)")
    print(f"memory {half:.0f} MiB half-way, {end:.0f} MiB at the end (under 350, and flat)")
    return asked / wall >= 35 and cores / wall < 1 and end < 350 and end - half < 40


if __name__ == "__main__":
    wanted = [int(word) for word in sys.argv[1:]] + [2000, 40][len(sys.argv) - 1 :]
    sys.exit(0 if measure(*wanted) else 1)
