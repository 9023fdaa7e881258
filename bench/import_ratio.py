"""How much storing costs: `minutier import` of a folder against bare extraction of the same files, in one run.

    python bench/import_ratio.py [FOLDER]        (default: $MINUTIER_REAL/files or ../shared/real/files)

Bare extraction uses the same number of children, the same limits and the same reader, and keeps nothing. Prints the
ratio of wall and of CPU time (children included), and the peak memory of the importing process itself.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from pebble import ProcessPool

from extract.vocabulary.file import built_in_text
from minutier import child
from minutier.extraction import TIME_LIMIT


def bare(files: list[Path]) -> int:
    """Extract files in killable children and return how many answered."""
    pool = ProcessPool(
        os.cpu_count() or 1,
        initializer=child.begin,
        initargs=[built_in_text()],
        context=multiprocessing.get_context("spawn"),
    )
    with pool:
        futures = [pool.schedule(child.read_file, args=(str(f), {"url": f.name}), timeout=TIME_LIMIT) for f in files]
        return sum(future.exception() is None for future in futures)


def imported(folder: Path) -> int:
    """Import the folder with the real command, and return its peak memory in MiB (of itself, not of its children)."""
    with tempfile.TemporaryDirectory() as place:
        words = ["minutier", "import", str(folder), "--source", "bench", "--corpus", place]
        code = f"import sys; sys.argv = {words!r}\n"
        code += "import resource\nfrom minutier.main import run\nrun()\n"
        code += "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
        root = str(Path(__file__).parent.parent)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
        return int(done.stdout.split()[-1])


def timed(work: Callable[[], int]) -> tuple[float, float, int]:
    """Return wall seconds, CPU seconds (children included) and the answer of some work."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    answer = work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, cpu, answer


def main(folder: Path) -> None:
    """Measure and print."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    wall, cpu, read = timed(lambda: bare(files))
    wall_import, cpu_import, memory = timed(lambda: imported(folder))
    print(f"files {len(files)}, read by bare extraction {read}")
    print(f"bare extraction: {wall:.1f} s wall, {cpu:.1f} s CPU")
    print(f"minutier import: {wall_import:.1f} s wall, {cpu_import:.1f} s CPU, peak memory of the parent {memory} MiB")
    print(f"ratio import : bare = {wall_import / wall:.2f} (wall), {cpu_import / cpu:.2f} (CPU)")


if __name__ == "__main__":
    real = Path(os.environ.get("MINUTIER_REAL", Path(__file__).parents[2] / "shared" / "real"))
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else real / "files")
