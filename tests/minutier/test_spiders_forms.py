"""`minutier crawl` over search engines behind a form, each a synthetic site."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import parse_qs

from tests.loopback import Answer, page, serving
from tests.minutier.test_spiders_feeds import Run, alarms, crawl_all, pages_of, source

YEARS = {"2023": range(5), "2024": range(5, 8)}
KEYS = """follow: {css: "li a"}
iterate: {field: annee}
fields: {type: acte}
next: {css: "a.suite"}
cookies: true
"""


class Engine:
    """A search engine of acts: a token that is good for one answer, a cookie, two results a page by postback."""

    def __init__(self) -> None:
        self.visits = 0
        self.token = ""
        self.stopped_at = 10**9
        self.answers = 0

    def form(self, year: str, inside: str = "", number: int = 1) -> Answer:
        """Return a page with the form, its token new."""
        self.visits += 1
        self.token = f"t{self.visits}"
        options = "".join(f"<option{' selected' * (each == year)}>{each}</option>" for each in YEARS)
        html = (
            f'<form method="post" action="/chercher"><input type="hidden" name="csrf_token" value="{self.token}">'
            f'<input type="hidden" name="page" value="{number}"><input type="hidden" name="__EVENTTARGET">'
            '<select name="type"><option value="">tous</option><option value="acte" selected>actes</option></select>'
            f'<select name="annee"><option value="">toutes</option>{options}</select>{inside}</form>'
        )
        shown = page("Recueil des actes", html)
        return Answer(shown.body, headers={**shown.headers, "Set-Cookie": "visite=1; Path=/"})

    def start(self, path: str) -> Answer | None:
        """Answer for the page with the form."""
        return self.form("") if path == "/" else None

    def posted(self, path: str, fields: dict[str, str], headers: Mapping[str, str]) -> Answer:
        """Answer a search, if it comes with the last token and the cookie."""
        self.answers += 1
        while self.answers > self.stopped_at:
            time.sleep(0.01)
        if fields["csrf_token"] != self.token or headers.get("Cookie") != "visite=1" or fields["type"] != "acte":
            return Answer(b"denied", 403)
        number = int(fields["page"]) + (fields["__EVENTTARGET"] == "suite")
        found = YEARS[fields["annee"]][number * 2 - 2 : number * 2]
        rows = "".join(f'<li><a href="/d/{n}.html">Délibération {n}</a></li>' for n in found)
        more = """<a class="suite" href="javascript:__doPostBack('suite','')">suite</a>"""
        last = number * 2 >= len(YEARS[fields["annee"]])
        return self.form(fields["annee"], f"<ul>{rows}</ul>{'' if last else more}", number)


def test_a_form_is_sent_for_each_option_and_its_results_walked(run_minutier: Run, tmp_path: Path) -> None:
    """Tokens, a cookie and postbacks are carried along; each page of results is a listing, the same on day two."""
    engine = Engine()
    with serving(pages_of(range(8)), engine.start, posted=engine.posted) as server:
        sources = [source(server.root, "form", "/", KEYS)]
        code, runs = crawl_all(run_minutier, tmp_path, sources)
        run = runs["town"]
        assert (code, run["stored"], run["listings"], run["alarms"]) == (0, 8, 6, [])
        assert [each["annee"] for each in server.sent] == ["2023"] * 3 + ["2024"] * 2
        server.asked.clear()
        code, runs = crawl_all(run_minutier, tmp_path, sources)
        run = runs["town"]
        assert (code, run["unchanged"], run["listings"], run["seen"]) == (0, 8, 6, 14)
        assert {path for path, _, status in server.asked if status == 200} == {"/", "/chercher"}


def test_a_form_that_was_cut_short_is_gone_on_with(run_minutier: Run, start_minutier: Callable, tmp_path: Path) -> None:
    """Killed in the middle of a search, the next command replays what came, cookie and token too, and asks the rest."""
    engine = Engine()
    engine.stopped_at = 3
    with serving(pages_of(range(8)), engine.start, posted=engine.posted) as server:
        text = "version: 1\ncontact: corpus@example.org\nsources:\n" + source(server.root, "form", "/", KEYS)
        (tmp_path / "sources.yaml").write_text(text, encoding="utf-8")
        going = start_minutier("crawl", cwd=tmp_path)
        while len(server.sent) < 4 and going.poll() is None:
            time.sleep(0.01)
        going.kill()
        going.wait()
        engine.stopped_at = 10**9
        time.sleep(0.1)  # the search that was under way is answered to nobody, and takes the token with it
        engine.token = server.sent[-1]["csrf_token"]
        run = json.loads(run_minutier("crawl", "--json", cwd=tmp_path).stdout)["runs"][0]
        assert (run["outcome"], run["stored"], run["listings"]) == ("complete", 8, 6)
        assert (len(server.sent), server.times()["/"]) == (6, 1)


def test_a_get_form_is_ordinary_addresses(run_minutier: Run, tmp_path: Path) -> None:
    """Years from first to last, pages by a counter, details between; on day two nothing is transferred."""

    def answers(path: str) -> Answer | None:
        place, _, query = path.partition("?")
        asked = {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}
        if place == "/actes" and not query:
            return page("Actes", '<form><input name="annee"><input type="hidden" name="site" value="2"></form>')
        if place == "/actes" and asked["site"] == "2":
            found = YEARS[asked["annee"]][int(asked.get("p", "1")) * 3 - 3 :][:3]
            return page("Actes", "".join(f'<a class="acte" href="/acte/{n}">{n}</a>' for n in found))
        if place.startswith("/acte/"):
            return page("Acte", f'<p><a class="document" href="/d/{place[6:]}.html">le texte</a></p>')
        return None

    keys = """follow: {css: "a.document"}
detail: {css: "a.acte"}
iterate: {field: annee, first: 2023, last: 2024}
next: {param: p, last: 2}
"""
    with serving(pages_of(range(8)), answers) as server:
        code, runs = crawl_all(run_minutier, tmp_path, [source(server.root, "form", "/actes", keys)])
        assert (code, runs["town"]["stored"], runs["town"]["listings"]) == (0, 8, 1 + 4 + 8)
        assert server.times()["/actes?annee=2023&site=2&p=2"] == 1
        server.asked.clear()
        code, runs = crawl_all(run_minutier, tmp_path, [source(server.root, "form", "/actes", keys)])
        assert (code, runs["town"]["unchanged"], server.statuses()[200]) == (0, 8, 0)


def test_what_is_wrong_with_a_form_is_an_alarm(run_minutier: Run, tmp_path: Path) -> None:
    """No form, a form with a password, a list that is not there, pages that do not turn: each is named."""
    forms = {
        "none": ("<p>rien</p>", "", "no such form"),
        "login": ('<form><input type="password" name="p"></form>', "", "logs in nowhere"),
        "list": (
            '<form><select name="an"><option>1</option></select></form>',
            "iterate: {field: annee}",
            "its lists: an",
        ),
        "stuck": ('<form><input name="q"></form><li><a href="/d/1.html">1</a></li>', "next: {param: p}", "repeats"),
    }
    answers = {f"/{name}": page("Recherche", html) for name, (html, _, _) in forms.items()}
    with serving(pages_of(range(2)), lambda path: answers.get(path.partition("?")[0])) as server:
        rule = 'follow: {css: "li a"}\n'
        sources = [source(server.root, "form", f"/{name}", rule + keys, name) for name, (_, keys, _) in forms.items()]
        code, runs = crawl_all(run_minutier, tmp_path, sources)
    assert (code, {run["outcome"] for run in runs.values()}) == (1, {"incomplete"})
    assert {name: words in alarms(runs[name]) for name, (_, _, words) in forms.items()} == dict.fromkeys(forms, True)


def test_a_search_that_fails_does_not_end_the_others(run_minutier: Run, tmp_path: Path) -> None:
    """A form whose answer redirects is followed; a search that the site refuses is an alarm, and the next is sent."""

    def posted(path: str, fields: dict[str, str], headers: Mapping[str, str]) -> Answer:
        if fields["q"] == "mal":
            return Answer(b"no", 403)
        return Answer(b"", 303, {"Location": f"/trouve?q={fields['q']}"})

    def answers(path: str) -> Answer | None:
        number = path.removeprefix("/trouve?q=")
        return page("Trouvé", f'<li><a href="/d/{number}.html">{number}</a></li>') if number.isdigit() else None

    form = page("Recherche", '<form method="post"><input name="q"></form>')
    keys = 'follow: {css: "li a"}\niterate: {field: q, values: ["0", "mal", "1"]}'
    with serving({"/": form, **pages_of(range(2))}, answers, posted=posted) as server:
        code, runs = crawl_all(run_minutier, tmp_path, [source(server.root, "form", "/", keys)])
    run = runs["town"]
    assert (code, run["stored"], run["listings"], run["failed"]) == (1, 2, 3, 1)
    assert "403" in alarms(run)
