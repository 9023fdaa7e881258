"""How often the language of a passage is named right, and how fast: passages of 1,000 and of 200 characters.

    python bench/languages.py [FOLDER OF REAL DOCUMENTS] [FOLDERS OF TEXTS] [--mistakes]

A language's real files are dealt in turn to a set for scoring and a set for tuning, in the order of their list and
whether or not they can be read here, so that each stays in its set; one that is alone is scored only.
A folder of texts has them as tuning/CODE/NAME.txt and scoring/CODE/NAME.txt; codes beyond the five are printed as well.
Passages overlap where a text is short: the n says how many there are, the characters how much lies behind them.
They are running text: lists of names, tables, code and addresses have no language to be right about, and the
paragraphs that a manual's translators left in English are not in the language of the manual.
"""

from __future__ import annotations

import csv
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import extract
from extract.languages import tag
from extract.languages.scripts import leading
from extract.model import Hints

CODES = ("fr", "en", "zh", "ca", "oc")
LENGTHS = (1_000, 200)
WINDOWS = 240
# The Universal Declaration's oci_2 and oci_4 are in the Franco-Provençal of Fribourg and of Savoy.
UNTRANSLATED = re.compile(r"\b(?:the|and|with|this|you|are|should|which|have|from|for|to)\b", re.I)
NOT_OCCITAN = re.compile(r"udhr_oci_[24]\.")
Texts = dict[tuple[str, str], str]
"""The running text of each language and name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How one text fared at one length."""

    code: str
    name: str
    length: int
    characters: int
    named: tuple[str, ...]
    passages: tuple[str, ...]

    def line(self) -> str:
        """The score in words."""
        n = len(self.passages)
        others = ", ".join(f"{code} {count}" for code, count in Counter(self.named).most_common() if code != self.code)
        share = self.named.count(self.code) / n
        return f"{self.code:<4}{self.name:<22}{self.length:>6}: {share:.3f}  n = {n} in {self.characters:,}  {others}"

    def mistakes(self) -> list[str]:
        """The first passages that were named wrong."""
        pairs = zip(self.named, self.passages, strict=True)
        wrong = [f"      {name}: {' '.join(text.split())[:160]}" for name, text in pairs if name != self.code]
        return wrong[:3]


def real_texts(folder: Path, which: str) -> Texts:
    """The real documents of the five languages in one of the two sets, one text a language."""
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table) if has_one_language(row)]
    found: Texts = {}
    for code in CODES:
        files = [row["file"] for row in rows if row["language"] == code]
        mine = files[1::2] if which == "tuning" else files[0::2]
        texts = [text for file in mine if len(text := text_of(folder / file)) > 1_500]
        if texts:
            lines = "\n".join(texts).split("\n")
            found[code, "real"] = "\n".join(line for line in lines if code == "en" or not UNTRANSLATED.search(line))
    return found


def has_one_language(row: dict[str, str]) -> bool:
    """Whether a file is in the language that the list gives it, paragraph by paragraph at least.

    The manuals in PDF are half in English line by line; the same chapters are there as pages.
    """
    manual = row["kind"] == "pdf" and row["source"].startswith("debian:")
    return row["role"] not in ("adversarial", "listing") and not manual and not NOT_OCCITAN.search(row["file"])


def text_of(path: Path) -> str:
    """The running text of a file, if it can be quoted."""
    reading = extract.read(path.read_bytes(), Hints(url=path.name))
    return running(reading.text) if reading.quality.verdict == "good" else ""


def running(text: str) -> str:
    """The lines of a text that are sentences or parts of them: words in lower case, or Chinese characters."""
    return "\n".join(line for line in text.split("\n") if len(line) >= 20 and is_running(line))


def is_running(line: str) -> bool:
    """Whether a line is running text."""
    if sum(map(str.isalpha, line)) < 0.65 * len(line) or re.search(r"https?:|www\.| \| |[{}<>@#$=\\]", line):
        return False
    words = re.findall(r"[^\W\d_]+", line)
    return leading(line) != "latin" or (
        len(words) >= 5 and sum(word[0].islower() for word in words) >= 0.6 * len(words)
    )


def given_texts(folder: Path, which: str) -> Texts:
    """The texts of a folder in one of the two sets."""
    return {(path.parent.name, path.stem): running(path.read_text("utf-8"))
            for path in sorted((folder / which).glob("*/*.txt"))}  # fmt: skip


def windows(text: str, length: int) -> Iterator[str]:
    """Passages of a length, evenly spread over a text, beginning with a word."""
    step = max(1, (len(text) - length) // WINDOWS)
    for start in range(0, max(1, len(text) - length), step):
        space = text.find(" ", start, start + 40)
        begin = start if space < 0 else space + 1
        yield text[begin : begin + length]


def scores(texts: Texts) -> Iterator[Score]:
    """Each text at each length."""
    for (code, name), text in texts.items():
        for length in LENGTHS:
            passages = tuple(windows(text, length))
            named = tuple(tag(passage)[0] for passage in passages)
            yield Score(
                code=code, name=name, length=length, characters=len(text), named=named, passages=passages
            )  # fmt: skip


def speed(texts: Texts, length: int) -> float:
    """How many documents of a length are tagged in a CPU second, each language with the same number of them."""
    passages = [(text * (length // len(text) + 1))[:length] for text in texts.values() if text]
    tag(passages[0])  # the readers are loaded once
    begin, done = time.process_time(), 0
    while time.process_time() - begin < 3:
        for passage in passages:
            tag(passage)
        done += len(passages)
    return done / (time.process_time() - begin)


def texts_of(real: Path, folders: Sequence[str], which: str) -> Texts:
    """All texts of one of the two sets."""
    found = real_texts(real, which) if (real / "manifest.csv").exists() else {}
    for folder in folders:
        found |= given_texts(Path(folder), which)
    return found


def main() -> int:
    """Print a line for each set, text and length, then the speed."""
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    real = Path(words[0] if words else "../shared/real")
    sets = {which: texts_of(real, words[1:], which) for which in ("tuning", "scoring")}
    for which, texts in sets.items():
        for score in scores(texts):
            print(f"{which:<8} {score.line()}")
            for mistake in score.mistakes() if "--mistakes" in sys.argv else ():
                print(mistake)
    five = {key: text for key, text in sets["scoring"].items() if key[0] in CODES}
    if not five:
        print(f"No manifest.csv in {real}: give the folder of the real documents as first argument.")
        return 0
    for length in (200, 1_000, 20_000):
        print(f"documents of {length} characters a CPU second: {speed(five, length):.0f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
