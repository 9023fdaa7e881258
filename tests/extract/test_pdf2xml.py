"""Pages written by `pdftohtml -xml`, made up in its form."""

import pytest

import extract
from extract.formats import pdf2xml
from extract.model import Hints

HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE pdf2xml SYSTEM "pdf2xml.dtd">\n\n<pdf2xml>\n'


def piece(words, top, left=100, width=400, height=16):
    """A piece of a line where it stands."""
    return f'<text top="{top}" left="{left}" width="{width}" height="{height}" font="0">{words}</text>\n'


def written(*pages, end="</pdf2xml>\n"):
    """The file of these pages."""
    bodies = (
        f'<page number="{number}" position="absolute" top="0" left="0" height="1262" width="892">\n{page}</page>\n'
        for number, page in enumerate(pages, 1)
    )
    return HEAD + "".join(bodies).encode() + end.encode()


def text_of(*pages):
    """What is read of them."""
    return extract.read(written(*pages), Hints()).text


def test_pieces_of_lines_are_put_together():
    """A raised ending, a bullet and a hyphen at a line end find their words, mark-up is left out."""
    page = (
        piece("<b>SÉANCE DU 1</b>", 100, width=120)
        + piece("er", 96, left=221, width=12, height=10)
        + piece("<i>MARS  2013 </i>", 100, left=240, width=100)
        + piece("-", 140, width=6)
        + piece("de confier le kiosque à Jean-", 140, left=130)
        + piece("Maquette &amp; fils", 160)
        + piece(" ", 180)
    )
    assert text_of(page) == "SÉANCE DU 1er MARS 2013\n- de confier le kiosque à Jean-Maquette & fils"


def test_lines_stand_in_the_order_of_the_page_and_pages_apart():
    """A title drawn late goes up, running headers are margins, each page has its place."""
    titles = ("Kiosque", "Bancs", "Fontaine", "Lavoir")
    pages = [
        piece("Commune de papier", 30) + piece(f"{title} : adopté.", 300) + piece("Affiché.", 320) + piece(title, 200)
        for title in titles
    ]
    found = extract.read(written(*pages), Hints())
    assert [found.text[page.start : page.end].split("\n")[-3:] for page in found.pages] == [
        [title, f"{title} : adopté.", "Affiché."] for title in titles
    ]
    assert {margin.words for margin in found.margins} == {"Commune de papier"}


@pytest.mark.parametrize(
    ("body", "verdict", "reason"),
    [
        (written(piece("Le conseil délibère.", 100)), "good", ()),
        (written(piece("<b><i>Crossed marks</b></i> are read.", 100)), "good", ()),
        (written(piece("Le conseil délibère.", 100), end=""), "suspect", ("The file is cut off: its end is missing.",)),
        (written(""), "empty", ()),
        (written(), "empty", ()),
        (HEAD, "empty", ()),
        (HEAD + b'<page height="x"><text top="y">Sans places.</text></page></pdf2xml>', "good", ()),
    ],
)
def test_damage_is_a_verdict(body, verdict, reason):
    """The program crosses its marks, transfers are cut, numbers may be none."""
    found = extract.read(body, Hints())
    assert found.quality.verdict == verdict and found.media_type == "application/x-pdf2xml"
    assert set(reason) <= set(found.quality.reasons)


@pytest.mark.parametrize("body", [b"", b"  ", b"no mark at all", b"<"])
def test_what_is_no_xml_has_no_pages(body):
    """Even where nothing can be recovered the answer is a verdict."""
    assert pdf2xml.read(body, Hints()).quality.verdict == "empty"


def test_the_same_minutes_say_the_same_as_their_pdf(real):
    """Real minutes that are there in both forms: the same words in the same order."""
    from bench.pdf_order import agreement

    files = real / "files"
    for one, other in (("472f6f6882", "9cfbb344ba"), ("f28ad4658b", "0e25255cf1")):
        texts = [extract.read(next(files.glob(f"{name}*")).read_bytes(), Hints()).text for name in (one, other)]
        assert agreement(*texts) > 0.99
