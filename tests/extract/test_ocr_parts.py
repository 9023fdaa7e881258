"""The parts of OCR that need no engine: what is asked for, words on a page, usual slips, shaded bands, pictures."""

import io
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from extract import programs
from extract.formats import picture
from extract.model import Hints
from extract.ocr import Missing, available, languages_for
from extract.ocr.layout import Word, cuts_rows, lines_of, mean_confidence, text_of, weight, without_noise
from extract.ocr.pictures import MAX_PIXELS, NoPicture, frames_of, opened
from extract.ocr.rules import _opened, without_rules
from extract.ocr.shading import bands, without_bands
from extract.ocr.tesseract import words_of
from extract.ocr.wording import worded
from tests.extract.conftest import pdf_of


def word(text: str, sure: float = 0.95, line: tuple[int, int, int] = (1, 1, 1), top: int = 0) -> Word:
    """A word of a page."""
    return Word(text=text, confidence=sure, line=line, left=0, top=top, width=50, height=40)


def image(kind: str, *pages: Image.Image) -> bytes:
    """An image file of these pages."""
    out = io.BytesIO()
    pages[0].save(out, kind, save_all=len(pages) > 1, append_images=pages[1:])
    return out.getvalue()


# ------------------------------------------------------------------------------------------------ languages, packages


@pytest.mark.parametrize(
    ("codes", "asked"),
    [
        ((), "fra"),
        (("fr",), "fra"),
        (("oc", "fr"), "oci+fra"),
        (("fr", "zh"), "chi_sim+fra"),
        (("zh-Hant",), "chi_sim"),
        (("ca", "ca", "xx", "en"), "cat+eng"),
        (("xx", ""), "fra"),
    ],
)
def test_languages_are_named_as_the_engine_names_them(codes: tuple[str, ...], asked: str) -> None:
    """ISO codes become packs, each once, Chinese first, French where nothing is known."""
    assert languages_for(codes) == asked


def test_a_missing_engine_says_what_to_install_on_each_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message has the names of the packages, those of the languages included."""
    monkeypatch.setattr(programs, "find", lambda *names: None)
    missing = available(("fr", "zh"))
    assert isinstance(missing, Missing) and missing.packs == ("chi_sim", "fra")
    for name in ("tesseract-ocr-chi-sim", "tesseract-ocr-fra", "brew install", "tesseract-lang", "UB-Mannheim"):
        assert name in missing.message


def test_a_missing_language_is_named_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine without one of the languages asked for counts as missing only for those who need it."""

    def answers(program: Path, arguments: list[str], **options: object) -> programs.Answer:
        del program, options
        text = "tesseract v5.9.1\n leptonica" if arguments == ["--version"] else "List of (2):\nfra\nosd\n"
        return programs.Answer(output=text.encode(), errors="")

    monkeypatch.setattr(programs, "find", lambda *names: Path("/made/up/tesseract"))
    monkeypatch.setattr(programs, "run", answers)
    engine, missing = available(("fr",)), available(("fr", "oc"))
    assert not isinstance(engine, Missing) and engine.version == "5.9.1" and engine.packs == {"fra", "osd"}
    assert isinstance(missing, Missing) and missing.packs == ("oci",)
    assert "tesseract-ocr-oci" in missing.message and "tesseract-ocr-fra" not in missing.message


def test_an_engine_that_does_not_answer_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that is there and broken helps nobody."""

    def fails(*arguments: object, **options: object) -> programs.Answer:
        raise programs.ProgramFailed("a library is missing")

    monkeypatch.setattr(programs, "find", lambda *names: Path("/made/up/tesseract"))
    monkeypatch.setattr(programs, "run", fails)
    assert isinstance(available(), Missing)


# ------------------------------------------------------------------------------------------------ words


HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"


def test_the_table_of_the_engine_is_read_word_by_word() -> None:
    """Only words count, a quotation mark is a character like others, and a confidence keeps to its range."""
    table = HEAD + '1\t1\t0\t0\t0\t0\t0\t0\t9\t9\t-1\t\n5\t1\t2\t1\t3\t1\t7\t8\t9\t10\t96.5\t"Le\n'
    table += "5\t1\t2\t1\t3\t2\t7\t8\t9\t10\t-1\tmaire\n5\t1\t2\t1\t3\t3\t7\t8\t9\t10\t95\t \n"
    first, second = words_of(table)
    assert (first.text, first.confidence, first.line, first.left, first.height) == ('"Le', 0.965, (2, 1, 3), 7, 10)
    assert (second.text, second.confidence) == ("maire", 0.0)
    assert words_of("") == words_of(HEAD) == []


def test_lines_and_paragraphs_come_out_as_they_stand() -> None:
    """A line is a line, and an empty one stands between paragraphs."""
    words = [word("Le"), word("maire"), word("ouvre", line=(1, 1, 2)), word("Présents", line=(1, 2, 1))]
    assert text_of(words) == "Le maire\nouvre\n\nPrésents"
    assert text_of([]) == "" and mean_confidence([]) == 0.0


def test_signatures_and_rules_are_no_words() -> None:
    """Lines that the engine hardly believes go, and doubtful signs at both ends of a line."""
    scribble = [word("CÉt-", 0.1, (2, 1, 1)), word("S", 0.3, (2, 1, 1))]
    rule = [word("—=", 0.9, (3, 1, 1))]
    line = [word("|", 0.9), word("=", 0.2), word("Vote"), word("favorable"), word("_", 0.1)]
    assert [kept.text for kept in without_noise([*line, *scribble, *rule])] == ["Vote", "favorable"]


def test_a_doubtful_line_with_sure_words_stays() -> None:
    """Half a heading is more than none."""
    line = [word("qrx", 0.1), word("zzzzzzzzzzzz", 0.0), word("scolaires"), word("association")]
    assert len(without_noise(line)) == 4


def test_signs_inside_a_line_stay() -> None:
    """A dash between two words belongs to the line however little of it was seen."""
    assert len(without_noise([word("séance"), word("-", 0.1), word("ordinaire")])) == 3


def test_rows_taken_for_columns_are_noticed() -> None:
    """Lines of two blocks side by side are, lines of one block below each other are not."""
    column = [word("date", line=(1, 1, row), top=60 * row) for row in range(5)]
    beside = [word("réunion", line=(2, 1, row), top=60 * row + 5) for row in range(5)]
    below = [word("réunion", line=(2, 1, row), top=60 * (row + 5)) for row in range(5)]
    assert cuts_rows([*column, *beside])
    assert not cuts_rows([*column, *below])
    assert not cuts_rows([*column[:3], *beside[:3]])


@given(st.lists(st.tuples(st.text(min_size=1, max_size=9), st.floats(0, 1), st.integers(1, 4)), max_size=30))
def test_taking_noise_away_adds_nothing_and_ends(drawn: list[tuple[str, float, int]]) -> None:
    """What is kept is a part of what was seen, in its order, and weighs no more."""
    words = [word(text, sure, (1, 1, line)) for text, sure, line in drawn]
    kept = without_noise(words)
    places = iter(words)
    assert all(any(one is other for other in places) for one in kept)
    assert weight(kept) <= weight(words)
    assert sum(len(line) for line in lines_of(words)) == len(words)


# ------------------------------------------------------------------------------------------------ usual slips


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("le 1° juillet", "le 1er juillet"),
        ("le 1”\naoût", "le 1er\naoût"),
        ("le 17 mars, 1% de hausse, article 1°", "le 17 mars, 1% de hausse, article 1°"),
        ("1 652 m? vendus, 20 m°?, 3 m.", "1 652 m² vendus, 20 m², 3 m."),
        ("Est-ce 3 m ? Oui.", "Est-ce 3 m ? Oui."),
        ("FINANCES -— Budget — emprunt", "FINANCES – Budget – emprunt"),
    ],
)
def test_slips_with_one_meaning_are_mended(seen: str, meant: str) -> None:
    """The raised letters of a first day and of a square metre, and dashes; a seventeen stays a seventeen."""
    assert worded(seen, "fra") == meant


def test_chinese_has_no_spaces_between_its_characters() -> None:
    """The spaces of the engine go, those between Latin words stay, and a Chinese dash is not a French one."""
    seen = "我 市 代 表 团 于 2016 年 10 月 访 问 “ 老 城 ”, 参 加 : le jumelage de 2016 avec 霁 湾 —— 完"
    assert worded(seen, "chi_sim+fra") == (
        "我市代表团于2016年10月访问“老城”, 参加: le jumelage de 2016 avec 霁湾 —— 完"
    )
    assert worded("霁 湾", "fra") == "霁 湾"


@given(st.text(), st.sampled_from(["fra", "chi_sim", "chi_sim+fra", "eng"]))
def test_mending_twice_is_mending_once(text: str, languages: str) -> None:
    """Whatever comes, nothing is left to do a second time."""
    once = worded(text, languages)
    assert worded(once, languages) == once


# ------------------------------------------------------------------------------------------------ shaded bands


def sheet() -> np.ndarray:
    """A white page with a dark band, letters in it that are darker and lighter than it, and letters outside."""
    page = np.full((600, 900), 255, np.uint8)
    page[200:290, 60:840] = 150
    page[230:260, 200:206] = 20
    page[230:260, 300:306] = 250
    page[400:430, 200:206] = 0
    return page


def test_letters_in_a_dark_band_come_out_black_on_white() -> None:
    """Black and white letters both become ink, the ground of the band paper, and the rest of the page stays."""
    before = sheet()
    after = np.asarray(without_bands(Image.fromarray(before)))
    assert after[245, 203] == 0 and after[245, 303] == 0
    assert after[245, 250] == 255 and after[285, 600] == 255
    assert (after[300:] == before[300:]).all()


@pytest.mark.parametrize("level", [255, 235, 200, 20, 0])
def test_a_page_of_one_colour_has_no_dark_band(level: int) -> None:
    """Neither grey paper nor a black page is one: an ordinary threshold does for them."""
    plain = Image.new("L", (400, 300), level)
    assert bands(plain) == [] and without_bands(plain) is plain


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 255), st.randoms(use_true_random=False))
def test_any_picture_keeps_its_size(width: int, height: int, level: int, chance: object) -> None:
    """Tiny and noisy pictures go through."""
    noise = np.random.default_rng(abs(hash(str(chance))) % 2**32).integers(0, 60, (height, width))
    grey = Image.fromarray(np.clip(noise + level - 30, 0, 255).astype(np.uint8))
    assert without_bands(grey).size == (width, height)


# ------------------------------------------------------------------------------------------------ rules


def test_thin_vertical_lines_go_and_everything_else_stays() -> None:
    """A rule of a table is taken out; a letter, a horizontal line and a black border are not."""
    page = np.full((600, 900), 255, np.uint8)
    page[100:160, 200:206] = 0  # the stem of a letter
    page[300:304, 50:850] = 0  # a line under a title
    page[:, 870:] = 0  # the shadow of the scanner's lid
    before = page.copy()
    page[120:500, 400:404] = 40
    after = np.asarray(without_rules(Image.fromarray(page)))
    assert after[200, 402] == 255
    kept = np.ones_like(before, bool)
    kept[:, 396:408] = False
    assert (after[kept] == before[kept]).all()


def test_a_page_without_rules_is_not_touched() -> None:
    """Neither is a picture too small to hold one."""
    for size in ((900, 600), (10, 600), (900, 10), (1, 1)):
        plain = Image.new("L", size, 255)
        assert without_rules(plain) is plain


@given(st.lists(st.booleans(), min_size=1, max_size=40), st.integers(1, 9))
def test_only_long_runs_are_kept(column: list[bool], length: int) -> None:
    """The fast way finds what counting finds."""
    runs = [(flag, len(list(group))) for flag, group in groupby(column)]
    counted = [flag and long >= length for flag, long in runs for _ in range(long)]
    if len(column) > length:
        assert _opened(np.array([column]).T, length)[:, 0].tolist() == counted


# ------------------------------------------------------------------------------------------------ pictures


def test_a_page_is_drawn_at_300_dots_an_inch() -> None:
    """A4 gives 2480 by 3508 pixels or so."""
    with opened(pdf_of("Séance", picture=True), is_pdf=True) as draw:
        drawn = draw(1)
    assert drawn is not None and drawn.dpi == 300 and drawn.image.mode == "L"
    assert abs(drawn.image.width - 2480) < 5 and abs(drawn.image.height - 3508) < 5


def test_a_huge_page_is_drawn_smaller() -> None:
    """A poster costs no more memory than an A3 sheet."""
    body = pdf_of("Plan", picture=True).replace(b"/MediaBox [ 0 0 595 842 ]", b"/MediaBox [ 0 0 9000 9000 ]")
    with opened(body, is_pdf=True) as draw:
        drawn = draw(1)
    assert drawn is not None and drawn.dpi < 100
    assert drawn.image.width * drawn.image.height < MAX_PIXELS * 1.01


def test_a_page_without_anything_on_it_has_no_picture() -> None:
    """An empty page costs no OCR, and a page that is not there is an error with a name."""
    from reportlab.pdfgen import canvas

    out = io.BytesIO()
    blank = canvas.Canvas(out)
    blank.showPage()
    blank.save()
    with opened(out.getvalue(), is_pdf=True) as draw:
        assert draw(1) is None
        with pytest.raises(NoPicture):
            draw(9)


@pytest.mark.parametrize("body", [b"", b"%PDF-1.4", b"\0" * 5_000_000, pdf_of("x")[:200]])
def test_bytes_that_are_no_document_are_an_error_with_a_name(body: bytes) -> None:
    """Nothing of what PDFium or Pillow raise gets out."""
    for is_pdf in (True, False):
        with pytest.raises(NoPicture), opened(body, is_pdf=is_pdf):
            pass


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16", "CMYK"])
def test_pictures_of_every_kind_become_grey(mode: str) -> None:
    """Scanners and telephones write all of these."""
    kind = "TIFF" if mode in ("I;16", "CMYK") else "PNG"
    with opened(image(kind, Image.new(mode, (827, 1169))), is_pdf=False) as draw:
        drawn = draw(1)
    assert drawn is not None and drawn.image.mode == "L" and drawn.dpi == 300


def test_what_is_transparent_is_paper() -> None:
    """A black letter on nothing stays readable."""
    with opened(image("PNG", Image.new("RGBA", (200, 200), (0, 0, 0, 0))), is_pdf=False) as draw:
        drawn = draw(1)
    assert drawn is not None and drawn.image.getextrema() == (255, 255)


def test_an_image_is_a_document_that_waits_for_ocr() -> None:
    """Each frame of a TIFF is a page, a PNG is one, and none has a text."""
    pages = [Image.new("L", (100, 140), level) for level in (255, 200, 100)]
    read = picture.read(image("TIFF", *pages), Hints())
    assert (read.media_type, read.quality.verdict, read.quality.needs_ocr) == ("image/tiff", "scanned", True)
    assert [(page.number, page.verdict) for page in read.pages] == [(n, "scanned") for n in (1, 2, 3)]
    assert not read.text.strip() and frames_of(image("PNG", pages[0])) == 1


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_a_cut_image_has_a_verdict(kind: str) -> None:
    """Half a file is corrupt, or pages that cannot be drawn: never an exception of Pillow's."""
    whole = image(kind, Image.effect_noise((300, 300), 80))
    assert picture.read(whole[:20], Hints()).quality.verdict == "corrupt"
    half = whole[: len(whole) // 2]
    with pytest.raises(NoPicture, match=r"decoded|opened"), opened(half, is_pdf=False) as draw:
        draw(1)
