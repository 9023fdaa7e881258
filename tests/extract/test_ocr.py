"""Pages read by tesseract: only those that need it, in their places, with how sure it was."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from bench.gold_recall import compared, true_text
from extract import programs
from extract.formats import pdf, picture
from extract.model import Extraction, Hints, Margin, Page, Table
from extract.ocr import Missing, Tesseract, available, read_pages
from extract.programs import ProgramTooSlow
from tests.extract.conftest import pdf_of

MINUTES = (
    "Le conseil municipal, dûment convoqué, s'est réuni à la mairie",
    "sous la présidence de madame le maire de Rocheville.",
    "Après en avoir délibéré, il approuve le jumelage de la com-",
    "mune avec une ville du Sichuan, par 21 voix pour.",
)
TYPED = "La seconde page a été tapée et son texte est dans le fichier."


@pytest.fixture
def engine() -> Tesseract:
    """The engine with French, or a skip that says what is missing."""
    found = available(("fr",))
    if isinstance(found, Missing):
        pytest.skip(found.message)
    return found


def seen(*lines: str, band: str = "") -> Image.Image:
    """A page as a scanner sees it, with a heading in white on grey if there is one."""
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=(595, 842), invariant=1)
    if band:
        sheet.setFillGray(0.6)
        sheet.rect(50, 728, 495, 24, stroke=0, fill=1)
        sheet.setFillGray(1)
        sheet.setFont("Times-Bold", 13)
        sheet.drawString(60, 735, band)
        sheet.setFillGray(0)
    text = sheet.beginText(60, 680)
    text.setFont("Times-Roman", 13)
    for line in lines:
        text.textLine(line)
    sheet.drawText(text)
    sheet.save()
    return pypdfium2.PdfDocument(out.getvalue())[0].render(scale=200 / 72, grayscale=True).to_pil().convert("L")


def scan(*pages: Image.Image | str) -> bytes:
    """A PDF whose pages are pictures, or typed lines."""
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=(595, 842), invariant=1)
    for page in pages:
        if isinstance(page, str):
            sheet.drawString(60, 700, page)
        else:
            sheet.drawImage(ImageReader(page), 0, 0, 595, 842)
        sheet.showPage()
    sheet.save()
    return out.getvalue()


def first_reading(body: bytes, *verdicts: str) -> Extraction:
    """What PDFium reads, with these verdicts on its pages."""
    reading = pdf.read(body, Hints())
    pages = [replace(page, verdict=verdict) for page, verdict in zip(reading.pages, verdicts, strict=True)]  # type: ignore[arg-type]
    return replace(reading, pages=tuple(pages))


def text_of(reading: Extraction, number: int) -> str:
    """The text of a page, by its offsets."""
    page = reading.pages[number - 1]
    return reading.text[page.start : page.end]


def test_pictures_are_read_and_other_pages_stay(engine: Tesseract) -> None:
    """The words of the scan stand in its place, the typed page keeps its own, and offsets are exact."""
    body = scan(seen(*MINUTES), TYPED)
    before = first_reading(body, "scanned", "good")
    before = replace(
        before,
        tables=(
            Table(page=1, start=0, end=0, rows=1, columns=1),
            Table(page=2, start=before.pages[1].start, end=before.pages[1].end, rows=1, columns=1),
        ),
        margins=(Margin(page=1, place="footer", words="1"), Margin(page=2, place="footer", words="2")),
    )
    after = read_pages(body, before, ("fr",))
    assert "Le conseil municipal, dûment convoqué, s'est réuni" in text_of(after, 1).replace("’", "'")
    assert "jumelage de la commune avec" in " ".join(text_of(after, 1).split())
    assert text_of(after, 2) == TYPED == after.text[after.tables[0].start : after.tables[0].end]
    assert [table.page for table in after.tables] == [margin.page for margin in after.margins] == [2]
    first, second = after.pages
    assert first.confidence is not None and first.confidence > 0.85 and first.verdict == "good"
    assert second.confidence is None and second.verdict == "good"
    assert after.engine.endswith(f"tesseract {engine.version}")


def test_the_quality_says_that_and_how_it_was_read(engine: Tesseract) -> None:
    """The figures, one sentence, and nothing left to wait for; the same bytes give the same reading."""
    body = scan(seen(*MINUTES))
    before = first_reading(body, "scanned")
    after = read_pages(body, before, ("fr",))
    assert after.quality.verdict == "good" and not after.quality.needs_ocr
    assert after.quality.figures["ocr_pages"] == 1
    assert after.quality.figures["ocr_confidence"] == after.pages[0].confidence
    assert after.quality.figures["ocr_engine"] == f"tesseract {engine.version} fra"
    assert after.quality.reasons[-1].startswith("1 of 1 pages were read by OCR (tesseract ")
    assert read_pages(body, before, ("fr",)) == after


def test_a_heading_in_white_on_grey_is_read(engine: Tesseract) -> None:
    """Shaded headings hold the object of each deliberation."""
    body = scan(seen(*MINUTES, band="7. JUMELAGE - Convention avec la ville de Chengdu"))
    after = read_pages(body, first_reading(body, "scanned"), ("fr",))
    assert "JUMELAGE" in after.text and "Convention avec la ville de Chengdu" in after.text


def test_a_page_on_its_head_is_read(engine: Tesseract) -> None:
    """Someone always feeds a sheet the wrong way round."""
    if "osd" not in engine.packs:
        pytest.skip("tesseract has no osd data, which tell how a page is turned")
    body = scan(seen(*MINUTES, *MINUTES, *MINUTES).rotate(180))
    after = read_pages(body, first_reading(body, "scanned"), ("fr",))
    assert "sous la présidence de madame le maire" in after.text


def test_a_blank_sheet_is_empty_and_a_faded_one_illegible(engine: Tesseract) -> None:
    """Neither is good, only the second had something to read, and the mean speaks of pages with words."""
    page = seen(*MINUTES)
    small = page.resize((page.width * 3 // 10, page.height * 3 // 10)).point(lambda level: 120 + level // 2)
    faded = Image.blend(small, Image.effect_noise(small.size, 70), 0.2)
    body = scan(Image.new("L", (827, 1169), 250), faded)
    after = read_pages(body, first_reading(body, "scanned", "scanned"), ("fr",))
    blank, lost = after.pages
    assert (blank.verdict, blank.confidence) == ("empty", None)
    assert lost.verdict == "illegible" and lost.confidence is not None and lost.confidence < 0.6
    assert after.quality.verdict == "illegible" and after.quality.figures["ocr_confidence"] == lost.confidence
    assert engine.version in after.engine


def test_blank_sheets_alone_are_an_empty_document(engine: Tesseract) -> None:
    """There is nothing to wait for, and no confidence in nothing."""
    body = scan(Image.new("L", (827, 1169), 250))
    after = read_pages(body, first_reading(body, "scanned"), ("fr",))
    assert after.quality.verdict == "empty" and not after.quality.needs_ocr
    assert "ocr_confidence" not in after.quality.figures and engine.version in after.engine


def test_a_tiff_of_two_pages_is_read(engine: Tesseract) -> None:
    """An image file is a document like another."""
    out = io.BytesIO()
    seen(*MINUTES[:2]).save(out, "TIFF", save_all=True, append_images=[seen(*MINUTES[2:])], dpi=(200, 200))
    after = read_pages(out.getvalue(), picture.read(out.getvalue(), Hints()), ("fr",))
    assert "présidence" in text_of(after, 1) and "Sichuan" in text_of(after, 2)
    assert (after.extractor, after.quality.verdict) == ("picture", "good")


def test_one_page_that_fails_waits_and_the_others_are_read(engine: Tesseract, monkeypatch: pytest.MonkeyPatch) -> None:
    """It keeps its verdict and its text, the reasons name it, and the document is not done."""
    run, calls = programs.run, []

    def sometimes(program: Path, arguments: list[str], **options: object) -> programs.Answer:
        if "stdin" in arguments:
            calls.append(arguments)
            if len(calls) == 1:
                raise ProgramTooSlow("tesseract was stopped after 60 s")
        return run(program, arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(programs, "run", sometimes)
    body = scan(seen(*MINUTES), seen(*MINUTES))
    after = read_pages(body, first_reading(body, "scanned", "scanned"), ("fr",))
    assert [page.verdict for page in after.pages] == ["scanned", "good"]
    assert after.quality.needs_ocr and after.quality.figures["ocr_pages"] == 1
    assert "Page 1 was not read by OCR: tesseract was stopped after 60 s." in after.quality.reasons
    assert engine.version in after.engine


def test_without_tesseract_the_document_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing changes but a reason that says what to install, once however often it is tried."""
    monkeypatch.setattr(programs, "find", lambda *names: None)
    body = scan(seen(*MINUTES))
    before = first_reading(body, "scanned")
    after = read_pages(body, before, ("fr",))
    assert after.text == before.text and after.pages == before.pages and after.quality.needs_ocr
    assert "apt install tesseract-ocr tesseract-ocr-fra" in after.quality.reasons[-1]
    assert read_pages(body, after, ("fr",)) == after


def test_a_document_with_text_everywhere_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No program is even looked for."""
    monkeypatch.setattr(programs, "find", lambda *names: pytest.fail("it was looked for"))
    body = pdf_of(TYPED)
    for verdict in ("good", "suspect", "ocr_layer"):
        before = first_reading(body, verdict)
        assert read_pages(body, before, ("fr",)) is before


@pytest.mark.parametrize("body", [b"", b"no document", b"\0" * 100_000])
def test_bytes_that_cannot_be_opened_again_wait(engine: Tesseract, body: bytes) -> None:
    """A reading that does not belong to the bytes is kept, with a reason."""
    before = replace(first_reading(pdf_of("x"), "scanned"), pages=(Page(number=1, start=0, end=1, verdict="scanned"),))
    after = read_pages(body, before, ("fr",))
    assert after.quality.needs_ocr and after.quality.reasons[-1].startswith("OCR: ")
    assert after.text == before.text and engine.version not in after.engine


def test_a_page_of_a_real_scan_is_read_right(engine: Tesseract, real: Path) -> None:
    """The first page of the shortest scan with a true text: at most three words in a hundred are not in it."""
    with (real / "manifest.csv").open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["has_gold_text"] and "SCAN" in row["notes"]]
    row = min(rows, key=lambda row: (real / row["has_gold_text"]).stat().st_size)
    body = (real / row["file"]).read_bytes()
    before = pdf.read(body, Hints())
    pages = [replace(page, verdict="good") for page in before.pages]
    pages[0] = replace(pages[0], verdict="scanned")
    after = read_pages(body, replace(before, pages=tuple(pages)), ("fr",))
    _, precision, _ = compared(text_of(after, 1), true_text(real / row["has_gold_text"]))
    assert precision >= 0.97 and len(after.text.split()) > 300
    assert engine.version in after.engine
