"""What a site says to machines that read it: headers, marks in pages, the file of its host."""

from __future__ import annotations

import pytest

from crawlers.reading.reserved import Reservation, applies, marks_of, metas, read_file

URL = "https://town.example/actes/7"


@pytest.mark.parametrize(
    ("headers", "body", "marks"),
    [
        ({"tdm-reservation": "1"}, b"", {"tdm"}),
        ({"tdm-reservation": "0"}, b"", set()),
        ({}, b'<html><meta name="tdm-reservation" content="1">', {"tdm"}),
        ({"tdm-reservation": "1"}, b"<html><META NAME=tdm-reservation CONTENT='0'>", set()),
        ({"x-robots-tag": "noindex, NOAI"}, b"%PDF-1.7", {"noindex", "noai"}),
        ({}, b'<html><meta content="noarchive,nofollow" name="Robots">', {"noarchive"}),
        ({}, b"<p>noai</p>", set()),
        ({"x-robots-tag": "all"}, b"", set()),
    ],
)
def test_headers_and_marks_are_read_and_the_page_counts_most(
    headers: dict[str, str], body: bytes, marks: set[str]
) -> None:
    """A reservation in the page stands before one in the header; robots marks are read from both."""
    assert marks_of(headers, body, URL, ()) == marks


@pytest.mark.parametrize(
    ("location", "reserved"),
    [("/", True), ("/actes/*", True), ("/actes/7$", True), ("/actes/$", False), ("/presse", False), ("", False)],
)
def test_the_file_of_a_host_speaks_of_some_addresses(location: str, reserved: bool) -> None:
    """A rule holds for the addresses that its location describes."""
    rule = Reservation(location=location, reserved=True)
    assert applies(rule, URL) is reserved
    assert marks_of({}, b"", URL, (rule,)) == ({"tdm"} if reserved else set())


def test_the_first_rule_that_speaks_of_an_address_counts() -> None:
    """An exception before the rule frees an address; a word in the page stands before the file."""
    rules = (Reservation(location="/actes/*", reserved=False), Reservation(location="/", reserved=True))
    assert marks_of({}, b"", URL, rules) == set()
    assert marks_of({}, b"", "https://town.example/presse", rules) == {"tdm"}
    assert marks_of({"tdm-reservation": "0"}, b"", "https://town.example/presse", rules) == set()


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b"[1, null]", b"[" * 100_000, b"\xff\xfe"])
def test_what_is_no_file_of_reservations_reserves_nothing(body: bytes) -> None:
    """Nonsense is no rule, and no error."""
    assert read_file(body) == ()


def test_a_file_is_read_with_its_terms() -> None:
    """Location, reservation and the address of the terms are kept."""
    body = b'[{"location": "/a", "tdm-reservation": 1, "tdm-policy": "https://a.fr/p"}, {"location": "/b"}]'
    assert read_file(body) == (
        Reservation(location="/a", reserved=True, policy="https://a.fr/p"),
        Reservation(location="/b", reserved=False),
    )


def test_repeated_marks_add_up() -> None:
    """Two `<meta name=robots>` are one list."""
    assert metas(b"<meta name=robots content=noindex><meta name='robots' content='noai'>") == {
        "robots": "noindex, noai"
    }
