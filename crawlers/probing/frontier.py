"""What to ask of a site next: the most promising links first, of many alike only a few, within a small budget."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote, urljoin, urlsplit

from crawlers.probing.entries import CATALOG, dataset_of
from crawlers.probing.forms import Trial, trials
from crawlers.probing.pages import Anchor, Look, inside, papers
from crawlers.probing.paging import family, turning
from crawlers.probing.signs import PORTALS, feeds_named, system
from crawlers.probing.words import TABLE, YEAR, spoken, words
from crawlers.reading.apis import DIALECTS, Question
from crawlers.reading.entries import Unreadable
from crawlers.reading.sitemaps import read_sitemap, sitemaps_of
from storage.addresses import host_of

DEEPEST = 3
"""How many links from the start are followed."""
SAMPLES = 3
"""How many of many links alike are followed."""
SEARCHES = 2
"""How many forms are tried, each with one search."""
FIRST, SOON, LATER = 30.0, 20.0, 8.0
PROMISING = 2.0


@dataclass(slots=True, kw_only=True)
class Frontier:
    """The addresses that may be asked, each with how promising it is."""

    start: str
    wanted: frozenset[str]
    query: str
    """What a portal is searched for."""
    waiting: dict[str, float] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    levels: dict[str, int] = field(default_factory=dict)
    taken: dict[object, int] = field(default_factory=dict)
    """How often a list of links alike gave one to follow."""
    lists: dict[str, object] = field(default_factory=dict)
    """The list that a waiting address belongs to."""
    looks: list[Look] = field(default_factory=list)
    forms: dict[tuple[str, ...], Trial] = field(default_factory=dict)
    """What may be sent to the forms that were met."""
    sent: int = 0

    def __post_init__(self) -> None:
        """Begin with the address itself, robots.txt, and where reservations are published."""
        self.offer(self.start, 100.0)
        self.levels[self.start] = 0
        self.offer(urljoin(self.start, "/robots.txt"), 90.0)
        self.offer(urljoin(self.start, "/.well-known/tdmrep.json"), FIRST)

    def offer(self, url: str, score: float) -> None:
        """Let an address of this host wait, unless it was asked."""
        if host_of(url) == host_of(self.start) and url not in self.asked:
            self.waiting[url] = max(score, self.waiting.get(url, 0.0))

    def next(self) -> str:
        """Return the most promising address, or nothing where none is left."""
        while self.waiting:
            url = max(self.waiting, key=lambda each: self.waiting[each] - self._spent(each))
            score = self.waiting.pop(url) - self._spent(url)
            if score < PROMISING:
                return ""
            self.asked.add(url)
            if url in self.lists:
                self.taken[self.lists[url]] = self.taken.get(self.lists[url], 0) + 1
            return url
        return ""

    def search(self) -> Trial | None:
        """Return the next form to try, or nothing."""
        waiting = list(self.forms.values())[:SEARCHES][self.sent :]
        self.sent += bool(waiting)
        return waiting[0] if waiting else None

    def _spent(self, url: str) -> float:
        return 100.0 if self.taken.get(self.lists.get(url, url), 0) >= SAMPLES else 0.0

    def learn(self, look: Look) -> None:
        """Take up what an answer leads to."""
        self.looks.append(look)
        if "#" in look.asked:  # what a form answered: its links hold for that search
            return
        if look.shape == "page":
            self._of_page(look)
        elif look.url.endswith("/robots.txt"):
            named = sitemaps_of(look.body.decode("utf-8", "replace"), look.url) if look.status < 400 else []
            for url in named[:2] or [urljoin(self.start, "/sitemap.xml")]:
                self.offer(url, FIRST if named else LATER)
        elif look.shape == "xml":
            self._of_sitemap(look)
        if CATALOG in look.url and (dataset := dataset_of(look, self.wanted)):
            self.offer(DIALECTS["opendatasoft"].address(Question(base=self._base(), dataset=dataset)), SOON)

    def _of_sitemap(self, look: Look) -> None:
        try:
            found = read_sitemap(look.body, look.headers, look.url)
        except Unreadable:
            parts = urlsplit(look.url)
            if not parts.query:
                self.offer(f"{look.url}?paged=2", LATER)
            return
        for url in found.sitemaps[:3]:
            self.offer(url, SOON + bool(words().kinds_in(spoken(url)) & self.wanted))

    def _of_page(self, look: Look) -> None:
        level = min(self.levels.get(look.asked, DEEPEST), self.levels.get(look.url, DEEPEST))
        if level == 0:
            self._of_system(look)
        for trial in trials(look, self.wanted):
            self.forms.setdefault(trial.purpose, trial)
        for url in feeds_named(look)[:2]:
            self.offer(url, SOON)
        for anchor in look.anchors:
            if TABLE.search(anchor.url):
                self.offer(anchor.url, SOON)
        turn = turning(look)
        if turn and (papers(look) or look.about & self.wanted):
            self._once(f"turn {family(look.url)}", turn.following, SOON)
        if level >= DEEPEST:
            return
        for anchor in inside(look):
            self._of_link(look, anchor, level)

    def _of_link(self, look: Look, anchor: Anchor, level: int) -> None:
        url = anchor.url
        if family(url) == family(look.url) or url in self.asked:
            return
        score = promise(look, anchor, self.wanted) - level * 0.5
        self.levels[url] = min(level + 1, self.levels.get(url, DEEPEST))
        key = (family(look.url), anchor.place)
        same = [a for a in inside(look) if a.place == anchor.place]
        if len(same) > SAMPLES and not anchor.chrome and self._alike(same):
            self.lists.setdefault(url, key)
        self.offer(url, score)

    def _alike(self, same: list[Anchor]) -> bool:
        """Return whether links of one place are a list of their kind, and no menu of different things."""
        shapes = {_shape(anchor.url) for anchor in same}
        return len(shapes) <= max(1, len(same) // 3)

    def _once(self, key: object, url: str, score: float) -> None:
        if not self.taken.get(key):
            self.taken[key] = 1
            self.levels[url] = self.levels.get(url, DEEPEST)
            self.offer(url, score)

    def _of_system(self, look: Look) -> None:
        """Ask a portal what it has of the kind wanted."""
        name = PORTALS.get(system([look]), "")
        if not name:
            return
        base = self._base()
        if name == "opendatasoft":
            self.offer(f"{base}{CATALOG}?limit=100&where={quote(chr(34) + self.query + chr(34))}", SOON)
        elif name == "wordpress":
            self.offer(DIALECTS[name].address(Question(base=base)), SOON)
        else:
            size = min(DIALECTS[name].most, 100)
            self.offer(DIALECTS[name].address(Question(base=base, query=self.query, size=size)), SOON)

    def _base(self) -> str:
        parts = urlsplit(self.start)
        return f"{parts.scheme}://{parts.netloc}"


def _shape(url: str) -> str:
    """Return an address with its last part and its numbers forgotten: addresses of a list share the rest."""
    parts = urlsplit(url)
    folder = parts.path.rstrip("/").rsplit("/", 1)[0]
    return "".join("0" if each.isdigit() else each for each in f"{folder}?{parts.query.partition('=')[0]}")


def promise(look: Look, anchor: Anchor, wanted: frozenset[str]) -> float:
    """Return how promising a link is: by its own words, by its address, by a year, by the page that it stands on."""
    own = words().kinds_in(anchor.link.text)
    score = 3.0 * bool(own & wanted) + 2.0 * bool(words().kinds_in(spoken(anchor.url)) & wanted)
    year = bool(YEAR.search(anchor.link.text) or YEAR.search(spoken(anchor.url)))
    about = bool(look.about & wanted)
    return score + 1.5 * (year and about) + 0.7 * (about and not anchor.chrome)
