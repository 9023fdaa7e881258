"""Word documents: body in order, and packages that must not be opened."""

import io
import zipfile

import docx
import pytest

import extract
from extract.model import Hints
from extract.office import package
from extract.office.numbering import written
from tests.extract.conftest import docx_of, zip_of
from tests.extract.making_office import LAUGHS, W, paragraph, replaced, word_of
from tests.extract.test_sniff import OLE


def read(body):
    """The extraction of a Word document."""
    return extract.read(body, Hints())


def test_paragraphs_and_tables_stay_in_order():
    """A table between two paragraphs is read between them, its cells on one line."""
    found = read(docx_of("# Séance du 15 juin 2012", "Avant", [["Pays", "Chine"], ["Ville", "Chengdu"]], "Après"))
    assert found.text == "Séance du 15 juin 2012\nAvant\nPays | Chine\nVille | Chengdu\nAprès"
    assert (found.title.value, found.title.found_in, found.quality.verdict) == (
        "Séance du 15 juin 2012",
        "heading",
        "good",
    )
    assert (found.dates[0].value, found.extractor) == ("2012-06-15", "docx")


def test_a_password_is_told():
    """An encrypted Word document is an OLE file that says so."""
    assert read(OLE + "EncryptedPackage".encode("utf-16-le")).quality.verdict == "encrypted"


@pytest.mark.parametrize(
    "body",
    [
        docx_of("a")[:-300],
        docx_of("a")[:2000],
        zip_of({"word/document.xml": "<not xml"}),
        zip_of({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}),
    ],
    ids=["cut", "half", "no_package", "no_part"],
)
def test_a_damaged_package_is_corrupt(body):
    """No damage raises; it is a verdict."""
    assert read(body).quality.verdict == "corrupt"


def test_a_bomb_is_not_unpacked(monkeypatch):
    """A package that unpacks to hundreds of times its size is refused before it is."""
    body = zip_of({"word/document.xml": "x" * 2**24})
    assert "times its size" in read(body).quality.reasons[0]
    monkeypatch.setattr(package, "MAX_UNPACKED", 2**20)
    assert "unpacks to 16 MiB" in read(body).quality.reasons[0]


def test_tables_are_told_with_their_place():
    """The span of a table holds exactly its rows, merged cells once and nested tables in their cell."""
    found = read(docx_of("Avant", [["Pays", "Chine"], ["Ville", "Jiwan"]], "Après"))
    (table,) = found.tables
    assert found.text[table.start : table.end] == "Pays | Chine\nVille | Jiwan"
    assert (table.page, table.rows, table.columns) == (0, 2, 2)


def test_a_page_laid_out_in_a_table_keeps_its_lines():
    """A cell with a whole session in it is a text, and not one line of a row."""
    session = "\n".join(f"Point {number} de l'ordre du jour" for number in range(12))
    found = read(docx_of([["COMMUNE", session], ["Votants", "11"]]))
    assert "COMMUNE\n\nPoint 0 de l'ordre du jour\nPoint 1" in found.text
    assert [found.text[table.start : table.end] for table in found.tables] == ["Votants | 11"]


def levels(*forms):
    """The definition of a list whose levels have these forms and words."""
    defined = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{words}"/></w:lvl>'
        for depth, (form, words) in enumerate(forms)
    )
    return f'<w:abstractNum w:abstractNumId="0">{defined}</w:abstractNum>'


def num(name, override=""):
    """A list of the only family, which may begin again."""
    return f'<w:num w:numId="{name}"><w:abstractNumId w:val="0"/>{override}</w:num>'


def test_lists_have_the_numbers_that_word_shows():
    """Numbers are counted by level, begin again under a new one, and are written in their form."""
    numbering = levels(("decimal", "Délibération n° %1 :"), ("lowerLetter", "%1.%2)"), ("bullet", "o")) + num("1")
    found = read(
        word_of(
            paragraph("Budget", level=0),
            paragraph("dépenses", level=1),
            paragraph("recettes", level=1),
            paragraph("", level=0),
            paragraph("Jumelage", level=0),
            paragraph("voyage", level=1),
            paragraph("billets", level=2),
            paragraph("Clôture"),
            numbering=numbering,
        )
    )
    assert found.text.split("\n") == [
        "Délibération n° 1 : Budget", "1.a) dépenses", "1.b) recettes", "",
        "Délibération n° 2 : Jumelage", "2.a) voyage", "- billets", "Clôture",
    ]  # fmt: skip


def test_a_list_that_begins_again_does():
    """`startOverride` sets the count of a family back; another list of the family counts on."""
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    numbering = levels(("upperRoman", "%1.")) + num("1") + num("2", override) + num("3")
    found = read(word_of(*(paragraph("point", level=0, number=name) for name in "112231"), numbering=numbering))
    assert [line.split()[0] for line in found.text.split("\n")] == ["I.", "II.", "V.", "VI.", "VII.", "VIII."]


@pytest.mark.parametrize(
    ("number", "form", "expected"),
    [(28, "lowerLetter", "bb"), (3, "decimalZero", "03"), (1994, "lowerRoman", "mcmxciv"), (7, "ideograph", "7"),
     (10**9, "upperRoman", "1000000000"), (0, "lowerLetter", "0")],
)  # fmt: skip
def test_numbers_are_written_in_their_form(number, form, expected):
    """Letters, Roman numerals, and digits for what is neither."""
    assert written(number, form) == expected


def test_each_thing_is_told_once():
    """A text box has a copy for older programs; deletions and moved words have an older place."""
    box = "<w:txbxContent><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:txbxContent>"
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    copies = (
        f"<mc:AlternateContent {mc}><mc:Choice Requires='wps'>{box.format('Encart')}</mc:Choice>"
        f"<mc:Fallback>{box.format('Encart')}</mc:Fallback></mc:AlternateContent>"
    )
    changed = (
        "<w:del><w:r><w:delText>ancien</w:delText></w:r></w:del><w:ins><w:r><w:t> nouveau</w:t></w:r></w:ins>"
        "<w:moveFrom><w:r><w:t>parti</w:t></w:r></w:moveFrom>"
    )
    found = read(word_of(f"<w:p><w:r><w:t>Texte</w:t></w:r>{changed}<w:r>{copies}</w:r></w:p>"))
    assert found.text == "Texte nouveau\nEncart"


def test_headers_are_counted_and_left_out():
    """What stands on each page is no part of the text; figures say how much it is."""
    document = docx.Document()
    document.add_paragraph("Le conseil délibère.")
    document.sections[0].footer.paragraphs[0].text = "Page deux"
    out = io.BytesIO()
    document.save(out)
    found = read(out.getvalue())
    assert (found.text, found.quality.figures["footer_characters"]) == ("Le conseil délibère.", 9)


def test_notes_stand_at_the_end():
    """Footnotes are read, the line that separates them is not."""
    notes = (
        f'<w:footnotes {W}><w:footnote w:type="separator" w:id="-1">{paragraph("___")}</w:footnote>'
        f'<w:footnote w:id="1">{paragraph("Voir la charte.")}</w:footnote></w:footnotes>'
    )
    body = docx_of("Le jumelage")
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        relations = archive.read("word/_rels/document.xml.rels").decode()
        types = archive.read("[Content_Types].xml").decode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    added = f'<Relationship Id="rId99" Type="{kind}" Target="footnotes.xml"/></Relationships>'
    made = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    parts = {
        "word/footnotes.xml": notes,
        "word/_rels/document.xml.rels": relations.replace("</Relationships>", added),
        "[Content_Types].xml": types.replace(
            "</Types>", f'<Override PartName="/word/footnotes.xml" ContentType="{made}"/></Types>'
        ),
    }
    assert read(replaced(body, parts)).text == "Le jumelage\nVoir la charte."


def test_nested_tables_end_within_limits():
    """Five thousand tables in each other are a verdict, and a few are a text."""
    few, many = ("<w:tbl><w:tr><w:tc>" * n + paragraph("x") + "</w:tc></w:tr></w:tbl>" * n for n in (3, 5_000))
    body = docx_of("a")
    start, end = f"<w:document {W}><w:body>", "</w:body></w:document>"
    assert read(replaced(body, {"word/document.xml": start + few + end})).text == "x"
    assert read(replaced(body, {"word/document.xml": start + many + end})).quality.verdict == "corrupt"


def test_entities_do_not_explode():
    """An entity of a billion letters stays unread."""
    xml = f"{LAUGHS}<w:document {W}><w:body><w:p><w:r><w:t>a&l9;</w:t></w:r></w:p></w:body></w:document>"
    found = read(replaced(docx_of("a"), {"word/document.xml": xml}))
    assert len(found.text) < 100


def test_a_real_document_matches_its_page(real):
    """The minutes of one meeting say the same in .docx and in HTML."""
    files = {name: next(real.glob(f"files/*2012-06-15.{name}")).read_bytes() for name in ("docx", "html")}
    words = {name: set(read(body).text.split()) for name, body in files.items()}
    assert len(words["docx"] & words["html"]) > 0.95 * len(words["docx"])
