"""Web archives: their index is read in both its forms, and of each address the right capture is chosen."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from pydantic import ValidationError

from crawlers.capture import memento
from crawlers.reading.archives import Held, host_within, index_address, newest, read_index, whole_keys
from crawlers.reading.entries import Unreadable
from crawlers.run import in_scope, site_of
from crawlers.spiders.archive import Options
from tests.making import NOON, a_source

HEAD = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]


def row(
    day: str, original: str = "http://a.fr/x", media_type: str = "text/html", status: str = "200", digest: str = "D"
):
    """Return one row of an index."""
    return ["fr,a)/x", f"{day}000000", original, media_type, status, digest, "10"]


def held(*rows: list[str]) -> tuple[Held, ...]:
    """Return rows as they are read."""
    return read_index(json.dumps([HEAD, *rows]).encode(), NOON).held


def test_an_index_is_read_with_the_key_by_which_it_goes_on() -> None:
    """The table's head names its columns; after an empty row stands the key; nothing at all is an empty index."""
    page = read_index(json.dumps([HEAD, row("20150203"), [], ["fr,a)/y 2016"]]).encode(), NOON)
    assert page.resume == "fr,a)/y 2016"
    (one,) = page.held
    assert (one.original, one.archived_at, one.status) == ("http://a.fr/x", "2015-02-03T00:00:00Z", "200")
    assert read_index(b"[]\n", NOON).held == read_index(b"", NOON).held == ()


def test_other_servers_give_an_object_a_line() -> None:
    """The words of pywb are understood, and its answer has no key."""
    line = {"urlkey": "k", "timestamp": "20150203040506", "url": "http://a.fr/", "mime": "text/html", "status": "200"}
    page = read_index(f"{json.dumps(line)}\n{json.dumps(line)}\n".encode(), NOON)
    assert [(each.original, each.status, each.key) for each in page.held] == [("http://a.fr/", "200", "k")] * 2
    assert page.resume == ""


@pytest.mark.parametrize("body", [b"<html>", b'[["a"], ["b", "c"]]', b'{"x": 1}', b'[["timestamp"], ["soon"]]', b"[1]"])
def test_what_is_no_index_says_what_it_is(body: bytes) -> None:
    """A web page, rows that do not fit, fields that are missing, a moment that is none."""
    with pytest.raises(Unreadable, match="is no index"):
        read_index(body, NOON)


@pytest.mark.parametrize(
    "moment", ["20150230000000", "20150203250000", "99991231235959", "２０１５０２０３０４０５０６", "2015"]
)
def test_a_moment_that_is_none_makes_no_index(moment: str) -> None:
    """A day that no calendar has, a moment still to come, digits of another script: newer than all, if believed."""
    line = [*row("20150203")]
    line[1] = moment
    with pytest.raises(Unreadable, match="is no index"):
        held(line)


@pytest.mark.parametrize(
    "original",
    [
        "http://b.fr/x", "http://a.fr@b.fr/", "http://a.fr.b.fr/", "//a.fr/x", "file:///a.fr/x", "javascript:a.fr",
        "http://[broken", "http://a.fr:99999/x", "http://a.fr:x/", "http://a.fr/\ud800", "", "http://",
    ],
)  # fmt: skip
def test_an_index_is_believed_about_the_host_it_was_asked_about(original: str) -> None:
    """Other hosts, however they are dressed, other schemes and broken addresses are not within the pattern."""
    for pattern in ("a.fr/*", "http://www.a.fr/actes", "*.a.fr"):
        assert not host_within(original, pattern, None)
        assert host_within("http://www.a.fr:80/x", pattern, None)


def test_an_index_that_goes_on_about_one_address_is_not_heaped_up() -> None:
    """Of an address whose captures never end, as many are carried on as one page lists: the latest."""
    many = [replace(held(row("20150203"))[0], timestamp=f"{n:014}") for n in range(7000)]
    ready, rest = whole_keys(many, more=True)
    assert (ready, len(rest), rest[-1].timestamp) == ([], 5000, f"{6999:014}")


@pytest.mark.parametrize(
    ("rows", "day", "reason"),
    [
        ([row("20100101"), row("20120101")], "2012", ""),
        ([row("20100101"), row("20120101", status="404")], "2010", ""),
        ([row("20100101", status="301"), row("20120101", status="404")], "2012", "archived_error"),
        ([row("20100101", status="302")], "2010", "archived_redirect"),
        ([row("20100101", media_type="image/png")], "2010", "type"),
        ([row("20100101"), row("20130101", media_type="warc/revisit", status="-")], "2013", ""),
        (
            [row("20100101", status="404"), row("20130101", media_type="warc/revisit", status="-")],
            "2013",
            "archived_error",
        ),
        ([row("20130101", media_type="warc/revisit", status="-", digest="E")], "2013", ""),
    ],
)
def test_the_newest_capture_that_is_a_document_is_chosen(rows: list[list[str]], day: str, reason: str) -> None:
    """Errors and redirects step back behind an answer; a revisit is what it repeats, or is asked for to see."""
    (best,) = newest(held(*rows), lambda url: url)
    assert (best.timestamp[:4], best.objection[0]) == (day, reason)


def test_spellings_of_one_address_are_one_document() -> None:
    """With and without www, port and https: the source's own way of writing decides."""
    source = a_source(start=("https://a.fr/",), host_aliases=("www.a.fr",), delay=5)
    found = newest(
        held(row("20100101", "http://www.a.fr:80/x"), row("20120101"), row("20110101", "http://a.fr/y")),
        site_of(source).canonical,
    )
    assert [each.timestamp[:4] for each in found] == ["2012", "2011"]


def test_an_address_that_ends_a_page_waits_for_the_next_page() -> None:
    """Its captures may go on there; at the end of the index nothing waits."""
    all_of_x = held(row("20100101"), row("20110101"))
    other = Held(original="http://a.fr/a", timestamp="20100101000000", key="fr,a)/a")
    assert whole_keys([other, *all_of_x], more=True) == ([other], list(all_of_x))
    assert whole_keys([other, *all_of_x], more=False) == ([other, *all_of_x], [])
    assert whole_keys([], more=True) == ([], [])


def test_the_index_is_asked_for_what_the_source_says() -> None:
    """Pattern, kind of match, days and key go into the address."""
    url = index_address("https://w.org/cdx", "a.fr/*", "prefix", date(2010, 1, 2), date(2016, 1, 1), "digest", "k 1")
    assert url.startswith("https://w.org/cdx?url=a.fr%2F%2A&output=json&matchType=prefix&from=20100102&to=20160101")
    assert url.endswith("collapse=digest&limit=5000&showResumeKey=true&resumeKey=k+1")
    assert "from" not in index_address("https://w.org/cdx", "a.fr/*", None, None, None, None)


def test_only_the_archive_is_asked() -> None:
    """The host of `start` names the documents; no request goes there."""
    options = Options(url_patterns=("a.fr/*",))
    source = a_source(spider="archive", start=("https://a.fr/",), delay=5, options=options)
    assert in_scope(source.hosts(), "https://web.archive.org/web/2015id_/http://a.fr/")
    assert not in_scope(source.hosts(), "https://a.fr/")
    assert (options.probed, options.lists_all, Options().probed) == (True, False, False)


def test_an_archive_is_not_hurried_by_a_start_on_this_machine() -> None:
    """A loopback `start` does not allow a short delay for somebody else's archive."""
    hurried = a_source(start=("http://127.0.0.1:9/",), delay=0).model_copy(update={"options": Options()})
    assert "1 second" in hurried.hurry and not hurried.is_loopback()


def test_a_replay_address_without_its_places_is_refused() -> None:
    """Both the moment and the original address must have a place."""
    with pytest.raises(ValidationError, match="original"):
        Options(replay="https://w.org/{timestamp}/")


def test_the_moment_that_the_archive_names_counts() -> None:
    """An archive may lead to a capture nearby, and says in a header when that was taken."""

    def moment(value: bytes | None) -> dict[str, str]:
        return memento(SimpleNamespace(headers={"Memento-Datetime": value} if value else {}), NOON)  # type: ignore[arg-type]

    assert moment(b"Tue, 03 Feb 2015 04:05:06 GMT") == {"archived_at": "2015-02-03T04:05:06Z"}
    assert moment(b"soon") == moment(None) == {}
    assert moment(b"Tue, 03 Feb 2099 04:05:06 GMT") == {}, "what is still to come would be newer than all that is known"
