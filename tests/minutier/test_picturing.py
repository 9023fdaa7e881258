"""Pictures of pages: a PDF drawn in a child, a picture as it is, and one sentence where there is nothing to look at."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from extract.ocr.pictures import NoPicture
from extract.pagepictures import WIDTH, page_picture
from minutier import picturing
from minutier.town import pages
from storage.errors import MinutierError, WrongUse
from tests.making import Scene
from tests.saying import Say, say

__all__ = ["say"]


def a_pdf() -> bytes:
    """Return one of the made-up town's PDFs."""
    return next(page.body for path, page in pages(1).items() if page.body.startswith(b"%PDF"))


def a_picture(kind: str) -> bytes:
    """Return a small red picture."""
    out = io.BytesIO()
    Image.new("RGB", (40, 60), "red").save(out, kind)
    return out.getvalue()


def test_a_page_of_a_pdf_is_a_png_wide_enough_to_read() -> None:
    """The first page is drawn 1,600 pixels wide and is not blank; the one after the last is refused."""
    drawn = Image.open(io.BytesIO(page_picture(a_pdf(), "application/pdf", 1)))
    assert (drawn.format, drawn.width) == ("PNG", WIDTH)
    assert len(drawn.convert("L").getcolors() or []) > 1
    for body, number in ((a_pdf(), 999), (b"%PDF-1.4 broken", 1)):
        with pytest.raises(NoPicture):
            page_picture(body, "application/pdf", number)


def test_a_picture_is_given_as_it_is() -> None:
    """PNG and JPEG byte for byte, a page of a TIFF as PNG."""
    assert page_picture(a_picture("PNG"), "image/png", 1) == a_picture("PNG")
    assert page_picture(a_picture("TIFF"), "image/tiff", 1).startswith(b"\x89PNG")
    with pytest.raises(NoPicture):
        page_picture(a_picture("TIFF"), "image/tiff", 2)


def test_show_writes_the_picture_and_says_what_has_none(say: Say, tmp_path: Path) -> None:
    """A page into a file; a target that is there, a missing page and a format without pages are refused."""
    scene = Scene(tmp_path / "corpus")
    with scene.store:
        scene.open_run()
        pdf = scene.read(scene.fetch("a", a_pdf()), "Un texte.", media_type="application/pdf").document_id
        html = scene.read(scene.fetch("b", b"<p>x"), "x", media_type="text/html").document_id
        scene.close_run()
    assert say("show", pdf, "--page", "1", "--image", "p.png").code == 0
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")
    for words, code, said in (
        ((pdf, "--page", "1", "--image", "p.png"), 2, "there already"),
        ((pdf, "--image", "q.png"), 2, "--page"),
        ((html, "--page", "1", "--image", "q.png"), 2, "no pages to look at"),
        ((pdf, "--page", "99", "--image", "q.png"), 1, "has no picture"),
    ):
        done = say("show", *words)
        assert (done.code, said in done.err) == (code, True), done.err
    assert not (tmp_path / "q.png").exists()


def test_a_child_that_hangs_costs_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be drawn in its time is stopped, and the command goes on to say so."""
    monkeypatch.setattr(picturing, "TIME_LIMIT", 0.01)
    (tmp_path / "x").write_bytes(a_pdf())
    with pytest.raises(MinutierError, match="was stopped"):
        picturing.picture(str(tmp_path / "x"), "x", "application/pdf", 1)
    with pytest.raises(WrongUse):
        picturing.picture(str(tmp_path / "x"), "x", "text/html", 1)
