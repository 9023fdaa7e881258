"""Dates, acts and votes against the facts that an annotator read in real papers: tests/facts/.

    python bench/facts.py [tuning|scoring] [--details] [FOLDER OF REAL DOCUMENTS]

`--details` names what was missed; it is for `tuning` only.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import extract
from extract.dateforms import fold
from extract.minutes.numbers import key_of
from extract.model import Act, Extraction, Hints
from extract.reading import complete

ROOT = Path(__file__).resolve().parents[1]
OPENING = 300
"""Characters of an act in which its title is looked for."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """What was expected and found, summed over papers."""

    papers: int = 0
    sessions: int = 0
    sessions_right: int = 0
    dates: int = 0
    dates_right: int = 0
    acts: int = 0
    acts_found: int = 0
    acts_false: int = 0
    votes: int = 0
    votes_right: int = 0
    details: list[str] = field(default_factory=list)


def read_paper(folder: Path, prefix: str, *, pictures: bool = False) -> Extraction:
    """The extraction of a paper; a scan that has a true text is read from that, because OCR is scored elsewhere.

    `pictures` has a scan read by OCR, for facts that say so.
    """
    path = next((folder / "files").glob(f"{prefix}*"))
    body, hints = path.read_bytes(), Hints(url=path.name, languages=("fr",))
    reading = (extract.read_pictures if pictures else extract.read)(body, hints)
    gold = folder / "gold" / f"{prefix}.txt"
    if not gold.exists() or (reading.text.strip() and reading.quality.verdict != "scanned"):
        return reading
    bare = replace(extract.failed(body, "good", ""), text=gold.read_text("utf-8"))
    return complete(bare, body, hints)


def score(folder: Path, which: str) -> Tally:
    """The tally of all papers of a set."""
    tally = Tally()
    for path in sorted((ROOT / "tests" / "facts" / which).glob("*.yaml")):
        expected = yaml.safe_load(path.read_text("utf-8"))
        tally.papers += 1
        judge(expected, read_paper(folder, expected["file"], pictures=expected.get("pictures", False)), tally)
    return tally


def judge(expected: dict[str, Any], reading: Extraction, tally: Tally) -> None:
    """Add one paper to the tally."""
    name = expected["file"]
    if expected.get("session"):
        tally.sessions += 1
        told = reading.dates[0] if reading.dates else None
        right = told is not None and told.role == "session" and told.value == str(expected["session"])
        tally.sessions_right += right
        if not right:
            tally.details.append(f"{name} session {expected['session']}: {told}")
    for date in expected.get("other_dates") or ():
        tally.dates += 1
        right = any((d.role, d.value) == (date["role"], str(date["value"])) for d in reading.dates)
        tally.dates_right += right
        if not right:
            tally.details.append(f"{name} {date}")
    until = expected.get("read_until", len(reading.text))
    acts = [act for act in reading.acts if act.start < until]
    judge_acts(expected["acts"] or [], acts, reading.text, name, tally)


def judge_acts(wanted: list[dict[str, Any]], acts: Sequence[Act], text: str, name: str, tally: Tally) -> None:
    """Match the acts in order, and compare the votes of those that match."""
    pairs = dict(aligned(wanted, acts, text))
    for place, act in enumerate(wanted):
        if act.get("optional"):
            continue
        tally.acts += 1
        tally.acts_found += place in pairs
        if place not in pairs:
            tally.details.append(f"{name} missed {act['number']} {act['key_words']}")
        for key, value in (act["votes"] or {}).items():
            tally.votes += 1
            votes = acts[pairs[place]].votes if place in pairs else None
            found = getattr(votes, key, None)
            tally.votes_right += found == value
            if found != value and place in pairs:
                quote = votes.quote[:120] if votes else ""
                tally.details.append(f"{name} {act['number']} {act['key_words']} {key}={value}, found {found}: {quote}")
    for place in set(range(len(acts))) - set(pairs.values()):
        tally.acts_false += 1
        tally.details.append(f"{name} false {acts[place].number} {acts[place].title[:80]}")


def aligned(wanted: Sequence[dict[str, Any]], acts: Sequence[Act], text: str) -> Iterator[tuple[int, int]]:
    """Yield the pairs of the longest matching in order; an act that is not optional weighs more."""

    @cache
    def best(i: int, j: int) -> tuple[float, tuple[tuple[int, int], ...]]:
        if i == len(wanted) or j == len(acts):
            return 0.0, ()
        options = [best(i + 1, j), best(i, j + 1)]
        if fits(wanted[i], acts[j], text):
            weight, pairs = best(i + 1, j + 1)
            options.append((weight + (0.5 if wanted[i].get("optional") else 1.0), ((i, j), *pairs)))
        return max(options, key=lambda option: option[0])

    sys.setrecursionlimit(20_000)
    yield from best(0, 0)[1]


def fits(wanted: dict[str, Any], act: Act, text: str) -> bool:
    """Whether an act is the one expected: all its words, or its number and one of them, at its opening."""
    opening = fold(f"{act.title} {text[act.start : act.start + OPENING]}")
    there = [fold(str(word)) in opening for word in wanted["key_words"]]
    numbers = {key_of(str(wanted[name])) for name in ("number", "number_also") if wanted.get(name)}
    return all(there) or (any(there) and key_of(act.number) in numbers)


def main() -> int:
    """Print the shares and their n."""
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    which = words.pop(0) if words and words[0] in ("tuning", "scoring") else "tuning"
    folder = Path(words[0] if words else "../shared/real")
    if not (folder / "files").is_dir():
        print(f"No real documents in {folder}: give their folder as an argument.")
        return 0
    tally = score(folder, which)
    if "--details" in sys.argv:
        print("\n".join(tally.details))
    print(f"{which}: {tally.papers} papers")
    print(f"  séance date right        {share(tally.sessions_right, tally.sessions)}")
    print(f"  other dates right        {share(tally.dates_right, tally.dates)}")
    print(f"  acts found               {share(tally.acts_found, tally.acts)}")
    print(f"  acts that are none       {share(tally.acts_false, tally.acts_false + tally.acts_found)}")
    print(f"  votes right              {share(tally.votes_right, tally.votes)}")
    return 0


def share(part: int, whole: int) -> str:
    """A share with its n."""
    return f"{part / whole:.3f}  (n = {whole})" if whole else "-  (n = 0)"


if __name__ == "__main__":
    sys.exit(main())
