"""The second day of a site on which nothing changed: how many bodies are sent again.

    python bench/day_two.py [DOCUMENTS]

The site is synthetic and on the loopback. Exits 1 unless every page but robots.txt answers "not modified".
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.loopback import serving, sources_file, town_of

ROOT = Path(__file__).parent.parent


def crawl(folder: str) -> None:
    """Run `minutier crawl` in a folder to its end."""
    places = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-m", "minutier", "crawl"]
    subprocess.run(command, cwd=folder, check=True, stderr=subprocess.DEVNULL, env=os.environ | {"PYTHONPATH": places})


def measure(documents: int) -> bool:
    """Crawl twice and count what the second day was sent."""
    with tempfile.TemporaryDirectory() as folder, serving(town_of(documents)) as server:
        (Path(folder) / "sources.yaml").write_text(sources_file(server.root), encoding="utf-8")
        crawl(folder)
        first = len(server.asked)
        server.asked.clear()
        crawl(folder)
        bodies = sum(status == 200 and path != "/robots.txt" for path, _, status in server.asked)
        print(
            f"{documents} documents: {first} requests on day one, {len(server.asked)} on day two, {bodies} bodies sent"
        )
        return bodies == 0 and len(server.asked) == first


if __name__ == "__main__":
    sys.exit(0 if measure(int(sys.argv[1]) if sys.argv[1:] else 500) else 1)
