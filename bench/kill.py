"""Kill a crawl with -9 at random moments, run it once more, and count what was lost, stored twice or asked again.

    python bench/kill.py [PAGES] [KILLS] [SEED] [TRIALS]

Prints one line per kill and a verdict; exits 1 when a page is lost or stored twice, when more than 16 pages were asked
again per kill, or when the last run does not end with 0. The site is synthetic and on the loopback.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.loopback import Server, serving, sources_file, town_of


def start(folder: Path) -> subprocess.Popen[bytes]:
    """Start `minutier crawl` in a folder."""
    command = [sys.executable, "-m", "minutier", "crawl", "--sources", "sources.yaml", "--corpus", "corpus"]
    places = os.pathsep.join([str(Path(__file__).parent.parent), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL, env=os.environ | {"PYTHONPATH": places})


def documents_asked(server: Server) -> int:
    """Return how many requests for documents the server saw."""
    return sum(path.startswith("/d/") for path, _, _ in server.asked)


def figures(folder: Path, name: str) -> dict[str, object]:
    """Return what a command prints as JSON."""
    command = [sys.executable, "-m", "minutier", name, "--json", "--corpus", str(folder / "corpus")]
    places = os.pathsep.join([str(Path(__file__).parent.parent), os.environ.get("PYTHONPATH", "")])
    return dict(json.loads(subprocess.check_output(command, env=os.environ | {"PYTHONPATH": places})))


def trial(pages: int, kills: int, dice: random.Random) -> bool:
    """Crawl with kills; return whether nothing was lost, doubled or asked again too often."""
    with tempfile.TemporaryDirectory() as place, serving(town_of(pages), etags=False) as server:
        folder = Path(place)
        (folder / "sources.yaml").write_text(sources_file(server.root), encoding="utf-8")
        for kill in range(kills):
            aim = int(pages * (kill + dice.random()) / (kills + 1))
            before = documents_asked(server)
            crawl = start(folder)
            while documents_asked(server) - before < max(1, aim - before) and crawl.poll() is None:
                time.sleep(0.01)
            crawl.kill()
            crawl.wait()
            print(f"kill {kill + 1}: after {documents_asked(server)} document requests in all")
        code = start(folder).wait()
        stats, runs = figures(folder, "stats"), figures(folder, "runs")["runs"]
        again = documents_asked(server) - pages
        lost = pages - int(str(stats["documents"]))
        doubled = int(str(stats["captures"])) - len({path for path, _, _ in server.asked if path != "/robots.txt"})
        # Asked anew by every start, and captured unless the kill came first.
        rules = sum(path == "/robots.txt" for path, _, _ in server.asked) + server.asked_reservations
        print(f"pages {pages}, lost {lost}, asked again {again} (at most {16 * kills}), last exit code {code}")
        print(f"captures {stats['captures']} ({rules} of rules at most), versions {stats['versions']}, runs {runs}")
        return lost == 0 and stats["versions"] == pages and again <= 16 * kills and code == 0 and doubled <= rules


if __name__ == "__main__":
    pages, kills, seed, trials = [int(word) for word in sys.argv[1:]] + [600, 3, 1, 1][len(sys.argv) - 1 :]
    outcomes = [trial(pages, kills, random.Random(seed + number)) for number in range(trials)]
    print(f"{sum(outcomes)} of {trials} trials lost nothing, stored nothing twice and asked for little again")
    sys.exit(0 if all(outcomes) else 1)
