"""The page of a report: figures in, HTML out. Nothing is asked of the clock, the disk's state or the network."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, partial
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from minutier import __version__
from minutier.politeness import lines
from minutier.report import columns, heat, phrases, phrases_more
from minutier.report.codes import CODES
from minutier.report.typography import LANGUAGES, date_in, month_names, number, percent, sentence, spaced

Json = dict[str, Any]
PHRASES = phrases.PHRASES | phrases_more.PHRASES
GENERATOR = "Minutier report"
"""What a report says of itself in its head: by this `--force` knows what it may replace."""


DAYS = ("day", "read", "from_day", "to_day", "month")
"""Facts of a gap that are days or months."""


class Words:
    """Everything a template says, in one language."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._place = LANGUAGES.index(lang)

    def say(self, name: str, /, **values: Any) -> str:
        """Return a sentence with its values; whole numbers are spelled as the language wants."""
        return sentence(PHRASES[name][self._place], values, self.lang)

    def call(self, group: str, code: str) -> str:
        """Return what a code is called; one that has no name here is shown as it is."""
        named = CODES[group].get(code)
        return spaced(named[self._place], self.lang) if named else code

    def gap(self, gap: Json) -> str:
        """Return what is missing, in a sentence."""
        days = {name: date_in(gap["facts"][name], self.lang) for name in DAYS if name in gap["facts"]}
        return self.say(f"gap_{gap['kind']}", **(gap["facts"] | days))

    def state(self, health: Json) -> str:
        """Return why a source is in its state, in a sentence."""
        silent = any(alarm["check"] == "silence" for alarm in health["alarms"])
        days = {name: date_in((health[f"{name}_at"] or "")[:10], self.lang) for name in ("last_run", "last_good")}
        return self.say(f"state_{'silent' if silent else health['state']}", **days)

    def size(self, count: int) -> str:
        """Return a number of bytes in a unit that suits it."""
        steps = (("Go", "GB", 1e9), ("Mo", "MB", 1e6), ("ko", "kB", 1e3), ("octets", "bytes", 1))
        unit = next(step for step in steps if count >= step[2] or step[2] == 1)
        return f"{number(round(count / unit[2], 1), self.lang)}\u00a0{unit[self._place]}"

    def tally(self, counts: Mapping[str, int]) -> str:
        """Return how many months have each mark, in words, those without any left out."""
        return ", ".join(f"{self.call('mark', mark)} {number(n, self.lang)}" for mark, n in counts.items() if n)

    def known(self) -> Json:
        """Return what a template may call."""
        lang = self.lang
        return {
            "lang": lang,
            "say": self.say,
            "told_gap": self.gap,
            "told_state": self.state,
            "call": self.call,
            "size": self.size,
            "tally": self.tally,
            "number": partial(number, lang=lang),
            "percent": partial(percent, lang=lang),
            "day": partial(date_in, lang=lang),
            "months": month_names(lang),
        }


def page(found: Json, lang: str) -> str:
    """Return a report as one page that needs nothing besides itself."""
    words = Words(lang)
    style = text_of("style.css")
    shown = {
        "states": counts_of(each["state"] for each in found["health"]),
        "skips": most_first(found["stats"]["skips"]),
        "unsearched": {name: n for name, n in found["not_searchable"].items() if name != "undated" and n},
        "watched": sorted((each for each in found["health"] if each["state"] != "unprobed"), key=urgency),
        "unprobed": [each for each in found["health"] if each["state"] == "unprobed"],
        "silent": [source["title"] for source in found["ledger"]["sources"] if not source["months"]],
        "hosts": [(f"{host['host']}", lines(host, lang)) for host in found["politeness"]],
        "paragraph": found["paragraphs"][lang],
    }
    drawings = {
        "columns": years_drawn(found["stats"]["by_year"], words),
        "ledger": ledger_drawn(found["ledger"], words),
    }
    frame = {"style": Markup(style), "style_hash": digest(style), "generator": f"{GENERATOR} {__version__}"}
    return environment().get_template("page.html").render(words.known() | found | shown | drawings | frame) + "\n"


def years_drawn(by_year: Mapping[str, int], words: Words) -> Json:
    """Return the columns of the years, and the table beneath them, newest last."""
    each = columns.columns_of(by_year, words.say("undated"))
    dated = sorted(year for year in by_year if year.isdecimal())
    return {
        "drawing": columns.drawn(each, words.say("by_year"), partial(number, lang=words.lang)) if each else "",
        "rows": [(column.label, column.number) for column in each if column.number],
        "oldest": dated[0] if dated else "",
        "newest": dated[-1] if dated else "",
        "undated": sum(n for year, n in by_year.items() if not year.isdecimal()),
    }


def ledger_drawn(ledger: Json, words: Words) -> Json:
    """Return the ledger with a strip and a calendar for each source, and how many months have each mark."""
    scale = heat.scale_of(ledger["sources"])
    drawn = [source_drawn(source, scale, words) for source in ledger["sources"]]
    return ledger | {
        "scale": scale,
        "sources": drawn,
        "counts": totals(drawn),
        "axis": heat.axis(scale) if scale else "",
        "samples": {mark: heat.sample(mark, words.call("mark", mark)) for mark in heat.MARKS},
        "signs": heat.SIGNS,
        "gaps": sum(len(source["gaps"]) for source in drawn),
    }


def source_drawn(source: Json, scale: heat.Scale | None, words: Words) -> Json:
    """Return one source of the ledger with what is drawn of it."""
    marks = heat.marks_of(source)
    counts = heat.counted(marks.values())
    label = words.say("strip_label", title=source["title"], counts=words.tally(counts))
    strip = heat.strip(marks, scale, label) if scale else ""
    drawn = {"counts": counts, "strip": strip, "calendar": heat.calendar(source)}
    return source | drawn | {"foundation": foundation(source, words)}


def foundation(source: Json, words: Words) -> str:
    """Return what the states of a source are founded on: its period, its denominators, what has no month."""
    said, lang, period = [], words.lang, source["period"]
    if period["basis"]:
        said.append(words.say(f"period_{period['basis']}", first=date_in(period["first"], lang)))
    for each in source["denominators"]:
        day = date_in(each.get("read_at"), lang)
        said.append(words.say(f"denominator_{each['kind']}", name=each["name"], day=day))
    if not source["denominators"]:
        said.append(words.say("no_denominator"))
    undated = source["undated"]
    loose = undated["announced"] + sum(year["announced"] for year in undated["years"].values())
    if loose:
        said.append(words.say("loose", loose=loose))
    return " ".join(said)


def urgency(source: Json) -> int:
    """Return where a source stands among the others: what needs somebody's eye comes first."""
    return ("failing", "stale", "ok", "never_run", "discontinued").index(source["state"])


def most_first(counts: Mapping[str, int]) -> dict[str, int]:
    """Return counts with the largest first."""
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def counts_of(names: Iterable[str]) -> dict[str, int]:
    """Return how often each name occurs, the most frequent first."""
    return most_first(Counter(names))


def totals(drawn: Sequence[Json]) -> dict[str, int]:
    """Return how many months of all sources have each mark."""
    return {mark: sum(source["counts"][mark] for source in drawn) for mark in heat.MARKS}


@cache
def environment() -> Environment:
    """Return the templates: what they are given is escaped, and what they are not given is an error."""
    return Environment(
        loader=PackageLoader("minutier.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def text_of(name: str) -> str:
    """Return a file that lies beside the templates."""
    return files("minutier.report").joinpath("templates", name).read_text(encoding="utf-8").strip()


def digest(text: str) -> str:
    """Return what a content security policy allows a style sheet by."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
