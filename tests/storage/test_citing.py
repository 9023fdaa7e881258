"""Citations: the French footnote word for word, and entries that independent small readers take back."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from storage.citing import biblatex, cited, csl, french, ris
from storage.errors import WrongUse

TEXT = "Conseil municipal du 1er juillet 2024\n\n2024-07 Jumelage : convention\nLe conseil approuve.\n\nFin."
ACT = {"number": "2024-07", "key": "2024-07", "title": "Jumelage : convention", "start": 39, "end": 90}


def a_document(**values: Any) -> dict[str, Any]:
    """Return a document as `show --json` gives it; what is said in it is made up."""
    given = {
        "id": "abcd2345abcd2345",
        "kind": "council_minutes",
        "act_type": "pv",
        "authority": "Ville de Montpellier",
        "url": "https://ville.example/pv_1.pdf",
        "title": "Procès-verbal de la séance",
        "date": "2024-07-01",
        "dates": [{"value": "2024-07-01", "role": "session"}],
        "language": "fr",
        "text": TEXT,
        "text_sha256": "f" * 64,
        "version": 2,
        "pages": [
            {"number": 1, "label": "", "start": 0, "end": 37, "confidence": None},
            {"number": 2, "label": "12", "start": 39, "end": len(TEXT), "confidence": None},
        ],
        "acts": [ACT],
        "captures": [{"fetched_at": "2026-03-01T12:00:00Z"}, {"fetched_at": "2026-11-25T12:00:00Z"}],
    }
    return given | values


def scanned() -> list[dict[str, Any]]:
    """Return the pages of a document whose second page OCR read."""
    first, second = a_document()["pages"]
    return [first, second | {"confidence": 0.9}]


def test_a_document_is_cited_as_historians_do() -> None:
    """Authority, assembly, sitting, kind of paper, title, address, day of the last capture."""
    assert french(cited(a_document())) == (
        "Ville de Montpellier, conseil municipal, séance du 1er juillet 2024, procès-verbal, "
        "« Procès-verbal de la séance », https://ville.example/pv_1.pdf, consulté le 25 novembre 2026."
    )


def test_a_passage_is_quoted_with_its_act_and_its_printed_page() -> None:
    """The act around a passage is named, the page is the printed one, the words are quoted on one line."""
    start = TEXT.index("Jumelage")
    line = french(cited(a_document(), span=(start, start + 30)))
    assert "délibération n° 2024-07, « Jumelage : convention », p. 12 : « Jumelage : convention Le conse »" in line
    assert "reconnaissance optique" not in line


@pytest.mark.parametrize("place", [{"page": 2}, {"act": "2024-07"}, {"act": "#1"}, {"span": (40, 60)}])
def test_words_that_ocr_read_are_marked_in_every_style(place: dict[str, Any]) -> None:
    """A page read by OCR is marked however it is named; page 1 of the same paper is not."""
    citation = cited(a_document(pages=scanned()), **place)
    assert citation.page == "12"
    for written in (french(citation), json.dumps(csl(citation), ensure_ascii=False), biblatex(citation), ris(citation)):
        assert "reconnaissance optique" in written
    assert "reconnaissance optique" not in french(cited(a_document(pages=scanned()), page=1))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"date": "", "dates": []}, "s. d."),
        ({"date": "1981", "dates": [{"value": "1981", "role": "session"}]}, "séance de 1981"),
        ({"date": "1981-06", "dates": []}, "séance de juin 1981"),
        ({"dates": [{"value": "2024-07-01", "role": "published"}]}, "conseil municipal, 1er juillet 2024"),
        ({"url": "import:mine/pv.pdf"}, ", mine/pv.pdf, consulté"),
        ({"authority": "", "kind": "press", "act_type": "", "title": ""}, "1er juillet 2024, https"),
    ],
)
def test_what_is_not_known_is_left_out(values: dict[str, Any], words: str) -> None:
    """No date, part of a date, no title, a file of one's own: no empty commas."""
    line = french(cited(a_document(**values)))
    assert words in line
    assert ", ," not in line and "« »" not in line


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ({"page": 3}, "no page 3"),
        ({"act": "x"}, "it has 2024-07"),
        ({"span": (5, 5)}, "START before END"),
        ({"span": (0, 10_000)}, "no passage"),
    ],
)
def test_a_place_that_is_not_there_is_refused(place: dict[str, Any], said: str) -> None:
    """Pages, acts and passages outside the document: one sentence that says what there is."""
    with pytest.raises(WrongUse, match=said):
        cited(a_document(), **place)


def read_ris(text: str) -> list[tuple[str, str]]:
    """Read RIS as its specification says: two capitals or a digit, two spaces, a hyphen, a space, the value."""
    lines = [re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", line) for line in text.split("\n")]
    assert all(lines), text
    return [(line[1], line[2]) for line in lines if line]


def test_ris_begins_with_its_type_and_ends_with_er() -> None:
    """TY first, ER last, each tag once, the fields where Zotero looks for them."""
    fields = read_ris(ris(cited(a_document(title="Un titre\nER  - coupé"), act="2024-07")))
    assert (fields[0], fields[-1]) == (("TY", "RPRT"), ("ER", ""))
    assert len({tag for tag, _ in fields}) == len(fields)
    found = dict(fields)
    assert (found["PY"], found["DA"], found["SP"], found["M1"]) == ("2024", "2024/07/01/", "12", "2024-07")
    assert (found["AU"], found["Y2"]) == ("Ville de Montpellier – conseil municipal", "2026/11/25")
    hostile = read_ris(ris(cited(a_document(title="Un titre\nER  - coupé"))))
    assert [tag for tag, _ in hostile].count("ER") == 1


def read_biblatex(text: str) -> dict[str, str]:
    """Read one BibLaTeX entry by counting its braces."""
    head, _, body = text.partition(",\n")
    assert re.fullmatch(r"@[a-z]+\{[a-z0-9]+", head)
    found = {}
    for line in body.removesuffix("}").strip().split("\n"):
        name, _, value = line.strip().removesuffix(",").partition(" = ")
        depth = 0
        for place, sign in enumerate(value):
            escaped = place and value[place - 1] == "\\"
            depth += 0 if escaped else {"{": 1, "}": -1}.get(sign, 0)
            assert depth or place == len(value) - 1, line
        found[name] = value[1:-1]
    return found


def test_biblatex_keeps_signs_that_tex_would_eat() -> None:
    """Ampersand, percent, hash, underscore and braces are escaped; names stay whole; dates are whole."""
    fields = read_biblatex(biblatex(cited(a_document(title="100 % & #1 {x} a_b"))))
    assert fields["title"] == r"{100 \% \& \#1 \{x\} a\_b}"
    assert (fields["date"], fields["urldate"], fields["url"]) == (
        "2024-07-01",
        "2026-11-25",
        "https://ville.example/pv_1.pdf",
    )
    assert fields["author"] == "{Ville de Montpellier, conseil municipal}"


def test_csl_has_dates_in_parts_and_only_what_is_known() -> None:
    """Parts of a date as far as it is known, a literal author, no empty field, and the version that was cited."""
    entry = csl(cited(a_document(date="1981-06", dates=[])))
    assert entry["issued"] == {"date-parts": [[1981, 6]]}
    assert entry["accessed"] == {"date-parts": [[2026, 11, 25]]}
    assert entry["author"] == [{"literal": "Ville de Montpellier, conseil municipal"}]
    assert entry["type"] == "report" and "version 2" in entry["note"] and "f" * 64 in entry["note"]
    assert all(csl(cited(a_document(date="", dates=[], authority="", url="import:x"))).values())


def test_the_assembly_is_the_one_that_is_named_first() -> None:
    """Region, department, metropolis and their permanent commission are told apart; a press release has none."""
    for words, body in (
        ("Conseil régional d'Occitanie, commission permanente", "conseil régional"),
        ("COMMISSION PERMANENTE du conseil départemental", "commission permanente"),
        ("Conseil de Métropole", "conseil métropolitain"),
        ("Rien de tel", ""),
    ):
        assert cited(a_document(title="", text=words, pages=[], acts=[])).body == body
    assert cited(a_document(kind="press")).body == ""


def test_a_long_quotation_is_cut_at_a_word() -> None:
    """At most 400 characters are quoted, and the cut is shown."""
    text = "mot " * 300
    quote = cited(a_document(text=text, pages=[], acts=[]), span=(0, 1000)).quote
    assert quote.endswith("mot […]") and len(quote) < 410
