"""What a person states of a document, and pages saved by Safari."""

from __future__ import annotations

import plistlib

import pytest

import extract
from extract.model import Hints

TEXT = (
    "Procès-verbal de la séance du 27 mai 2024\n\nLe conseil municipal approuve le jumelage avec la ville de Chengdu."
)


def test_nothing_stated_changes_nothing() -> None:
    """Without a statement the text speaks for itself."""
    found = extract.read(TEXT.encode(), Hints())
    assert found.title is not None
    assert (found.dates[0].value, found.language) == ("2024-05-27", "fr")
    assert {found.title.found_in, found.dates[0].found_in} & {"metadata"} == set()


def test_what_is_stated_stands_above_what_is_read() -> None:
    """Title, date, kind and language are those stated, found in metadata; the date that was read stays behind."""
    stated = {"title": "Mon titre", "date": "2019-04", "act_type": "deliberation", "language": "oc"}
    found = extract.read(TEXT.encode(), Hints(stated=stated))
    assert (found.title and found.title.value, found.title and found.title.found_in) == ("Mon titre", "metadata")
    assert (found.act_type and found.act_type.value, found.language) == ("deliberation", "oc")
    first = found.dates[0]
    assert (first.role, first.value, first.precision, first.found_in) == ("session", "2019-04", "month", "metadata")
    assert "2024-05-27" in [date.value for date in found.dates[1:]]
    assert found.languages[0].code == "fr", "the shares are what was measured"


def test_a_date_that_is_stated_and_read_stands_once() -> None:
    """The same date of the same role is not repeated."""
    found = extract.read(TEXT.encode(), Hints(stated={"date": "2024-05-27", "act_type": "pv"}))
    assert [date.value for date in found.dates if date.role == "session"] == ["2024-05-27"]


@pytest.mark.parametrize("form", [plistlib.FMT_BINARY, plistlib.FMT_XML])
def test_a_page_saved_by_safari_is_read(form: plistlib.PlistFormat) -> None:
    """In its own encoding, without what lies beside it."""
    page = f"<html><head><title>Séance</title></head><body><p>{TEXT * 3}</p></body></html>".encode("windows-1252")
    main = {"WebResourceURL": "https://town.example/a", "WebResourceData": page}
    main["WebResourceTextEncodingName"] = "windows-1252"
    body = plistlib.dumps({"WebMainResource": main, "WebSubresources": [{"WebResourceData": b"secret"}]}, fmt=form)
    found = extract.read(body, Hints())
    assert (found.media_type, "séance du 27 mai 2024" in found.text, "secret" in found.text) == (
        "application/x-webarchive",
        True,
        False,
    )


@pytest.mark.parametrize("cut", [30, 80, 120])
def test_a_damaged_one_is_a_verdict(cut: int) -> None:
    """No exception for cut property lists."""
    body = plistlib.dumps({"WebMainResource": {"WebResourceData": b"<p>x</p>" * 20}}, fmt=plistlib.FMT_BINARY)
    assert extract.read(body[:-cut], Hints()).quality.verdict == "corrupt"
