"""A full backlog: extracted and saved, against what the same children extract when nothing is kept.

    python bench/backlog.py [DOCUMENTS] [ROUNDS] [form]

The documents are synthetic pages of 1,000 words that have nothing to do with each other, as heavy as those of towns;
or, with `form`, short ones on one form, each the near-duplicate of some thirty others. One core's bare rate is measured
with one child; the backlog with one child a core. The ratio is said twice: by the clock, which other programs on the
machine disturb, and by the CPU seconds of a document, which are the same thing where the cores are full. The start of
the children counts on neither side, nor does the first group that is saved.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil
from pebble import ProcessPool

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench._crawling import begin, source
from bench._site import FILLING, body_of
from bench.saving import text_of
from crawlers.run import CrawlRun, utc_now
from extract.vocabulary.file import built_in_text
from minutier import child
from minutier.extraction import Extractors
from minutier.readings import readings_in
from storage.captures import Kept, Response
from storage.saving import Saved
from storage.store import Store
from storage.writer import GROUP
from tests.loopback import page

HEADERS = {"content-type": "text/html; charset=utf-8"}


@dataclass(slots=True)
class Moment:
    """The clock, and the CPU seconds until then: of this process, of its children, of its writer's thread."""

    clock: float
    own: float
    children: float
    writer: float = 0.0

    def since(self, before: Moment) -> Moment:
        """Return what has passed since another moment."""
        writer = self.writer - before.writer
        return Moment(self.clock - before.clock, self.own - before.own, self.children - before.children, writer)


def now(writer: float = 0.0) -> Moment:
    """Return this moment."""
    times = [child.cpu_times() for child in psutil.Process().children()]
    return Moment(time.perf_counter(), time.process_time(), sum(each.user + each.system for each in times), writer)


def bare(files: list[Path]) -> tuple[float, float]:
    """Return how many files a second one child extracts, and the CPU seconds it takes for one."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPool(1, initializer=child.begin, initargs=[built_in_text()], context=spawn) as pool:
        pool.schedule(child.read_file, args=(str(files[0]), {"url": "first"})).result()
        begun = now()
        futures = [pool.schedule(child.read_file, args=(str(file), {"url": file.name})) for file in files]
        for future in futures:
            future.result()
        passed = now().since(begun)
        return len(files) / passed.clock, passed.children / len(files)


def backlog(folder: Path, bodies: list[bytes], workers: int) -> tuple[float, float, float, float]:
    """Return how many captures a second are extracted and saved, the CPU seconds for one, and the writer's share: of
    a core, and of all CPU seconds.
    """
    with Store.create(folder, now=utc_now(), version="bench") as store:
        (run,) = begin(store, [source("town", "http://127.0.0.1:9")])
        kept = [store.record(answer(run, number, body)) for number, body in enumerate(bodies)]
        for each in kept:
            each.result()
        number = 0
        moments: list[Moment] = []

        def saved(capture: Kept, outcome: Saved) -> None:
            nonlocal number
            number += 1
            if number in (GROUP, len(bodies)):
                moments.append(now(writer_seconds(store)))

        with Extractors(store, utc_now, readings_in(store, ocr=False), saved, workers=workers):
            pass
    passed = moments[1].since(moments[0])
    used, rest = passed.own + passed.children, len(bodies) - GROUP
    return rest / passed.clock, used / rest, passed.writer / passed.clock, passed.writer / used


def answer(run: CrawlRun, number: int, body: bytes) -> Response:
    """Return a page as a crawler hands it over."""
    url = f"http://127.0.0.1:9/d/{number}.html"
    named = {"url": url, "address": url, "document_address": url, "headers": HEADERS, "body": body}
    return Response(run_id=run.run_id, source_id="town", role="document", status=200, fetched_at=run.stamp(), **named)


def writer_seconds(store: Store) -> float:
    """Return the CPU seconds of the writer's thread, its start included."""
    number = store.writer._thread.native_id
    return sum(each.user_time + each.system_time for each in psutil.Process().threads() if each.id == number)


def page_of(number: int) -> bytes:
    """Return a page of 1,000 words that no other has in this order."""
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in text_of(number).split("\n\n"))
    return page(f"Acte {number}", paragraphs).body.replace(b"</head>", FILLING + b"</head>")


def measure(documents: int, rounds: int, *, on_one_form: bool) -> bool:
    """Measure in turns; return whether ratio and share are kept."""
    bodies = [body_of(f"/d/{n}.html", documents) if on_one_form else page_of(n) for n in range(documents)]
    workers = os.cpu_count() or 1
    figures = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as place:
            files = [Path(place) / f"{n}.html" for n in range(documents // workers)]
            for file, body in zip(files, bodies, strict=False):
                file.write_bytes(body)
            alone, least = bare(files)
            rate, most, of_core, of_all = backlog(Path(place) / "corpus", bodies, workers)
        figures.append((rate / (workers * alone), least / most, of_core, of_all))
        print(f"{rate:.1f} extracted and saved a second; one core alone extracts {alone:.1f}")
        print(f"  CPU ms a document: {1000 * most:.2f}; extraction alone {1000 * least:.2f}")
    ratio, by_cpu, of_core, of_all = (median(column) for column in zip(*figures, strict=True))
    print(f"of {workers} times one core's bare rate: {ratio:.2f} by the clock, {by_cpu:.2f} by CPU (at least 0.90)")
    print(f"the writer took {of_all:.1%} of the CPU seconds (under 5 %), {of_core:.1%} of a core")
    return max(ratio, by_cpu) >= 0.9 and of_all < 0.05


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    wanted = numbers + [600, 3][len(numbers) :]
    sys.exit(0 if measure(*wanted, on_one_form="form" in sys.argv) else 1)
