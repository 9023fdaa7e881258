"""Word documents in one XML file, made up in the form of Word 2003."""

import extract
from extract.model import Hints

START = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<?mso-application progid="Word.Document"?>\n'
    '<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"'
    ' xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint"'
    ' xmlns:aml="http://schemas.microsoft.com/aml/2001/core" xmlns:o="urn:schemas-microsoft-com:office:office">'
    "<o:DocumentProperties><o:Title>Conseil de papier</o:Title></o:DocumentProperties>"
)


def read(body, end="</w:wordDocument>"):
    """The extraction of a body."""
    return extract.read(f"{START}<w:body><wx:sect>{body}</wx:sect></w:body>{end}".encode(), Hints())


def run(words):
    """A run of words."""
    return f"<w:r><w:t>{words}</w:t></w:r>"


def paragraph(words, marker=""):
    """A paragraph, of a list where it has a marker."""
    list_ = f'<w:pPr><w:listPr><w:ilvl w:val="0"/><wx:t wx:val="{marker}"/></w:listPr></w:pPr>' if marker else ""
    return f"<w:p>{list_}{run(words)}</w:p>"


def annotation(kind, content):
    """A change that was tracked."""
    return f'<aml:annotation w:type="{kind}"><aml:content>{content}</aml:content></aml:annotation>'


def test_paragraphs_lists_and_tables_are_read_in_order():
    """Numbers as Word shows them, any bullet as a dash, sections and their parts opened."""
    cells = "".join(f"<w:tc>{paragraph(words)}</w:tc>" for words in ("Pour", "14"))
    body = (
        f"<wx:sub-section>{paragraph('Séance du 13 mars 2013')}</wx:sub-section>"
        f"{paragraph('Le kiosque', '1)')}{paragraph('repeint', chr(0xF0B7))}<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
        f"<w:sectPr><w:hdr>{paragraph('En-tête')}</w:hdr></w:sectPr>"
    )
    found = read(body)
    assert found.text == "Séance du 13 mars 2013\n1) Le kiosque\n- repeint\nPour | 14"
    assert (len(found.tables), found.quality.verdict, found.extractor) == (1, "good", "wordxml")
    assert found.dates[0].value == "2013-03-13"


def test_deletions_are_not_said_and_notes_stand_in_brackets():
    """What was struck out is gone, what was put in stays, a note does not run into its word."""
    struck = annotation("Word.Deletion", "<w:r><w:delText>rejette</w:delText></w:r>")
    put = annotation("Word.Insertion", run("adopte"))
    note = f"<w:r><w:footnote><w:p>{run('à main levée')}</w:p></w:footnote></w:r>"
    found = read(f"<w:p>{run('Le conseil ')}{struck}{put}{note}{run('.')}</w:p>")
    assert found.text == "Le conseil adopte [à main levée]."


def test_a_file_cut_short_is_corrupt():
    """A verdict and a reason, no error."""
    found = read(paragraph("Le conseil"), end="")
    assert (found.quality.verdict, found.text) == ("corrupt", "")
    assert "damaged" in found.quality.reasons[0]
