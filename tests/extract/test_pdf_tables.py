"""Tables drawn with lines: cells by their rules, every word in one of them, and no table where there is none."""

import io
import re
from collections import Counter
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdfium2 import PdfDocument
from reportlab.pdfgen import canvas

from extract.pdf.lattice import lattices
from extract.pdf.lines import CUT, page_lines
from extract.pdf.rulings import Drawn, Rulings
from extract.pdf.tables import FoundTable, find_tables

XS, YS = (60, 220, 340, 460), (700, 670, 640, 610)
VOTES = (("Objet", "Pour", "Contre"), ("Bancs", "14", "1"), ("Kiosque", "9", "6"))


def drawn_on(draw, **made):
    """A page of A4 with what `draw` puts on it."""
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=(595, 842), invariant=1, **made)
    draw(sheet)
    sheet.showPage()
    sheet.save()
    return PdfDocument(out.getvalue())[0]


def tables_of(page):
    """The tables of a page."""
    textpage = page.get_textpage()
    return find_tables(page, textpage, textpage.get_text_range(), page_lines(textpage))


def tables_on(draw):
    """The tables on a page of A4 with what `draw` puts on it."""
    return tables_of(drawn_on(draw))


def rows_on(draw):
    """The rows of the tables on such a page."""
    return [table.rows for table in tables_on(draw)]


def write(sheet, cells=VOTES, xs=XS, ys=YS):
    """Each text in its cell."""
    for y, row in zip(ys, cells, strict=False):
        for x, words in zip(xs, row, strict=False):
            sheet.drawString(x + 4, y - 18, words)


def ruled(sheet, cells=VOTES, xs=XS, ys=YS):
    """A grid with its texts."""
    sheet.grid(xs, ys)
    write(sheet, cells, xs, ys)


def test_a_grid_gives_its_rows_and_its_place():
    """One table, three rows of three cells, its box the outermost rules."""
    (table,) = tables_on(ruled)
    assert table.rows == VOTES == table.cells
    assert table.box == pytest.approx((60, 610, 460, 700), abs=1.5)


def test_the_words_around_a_table_are_in_none_of_its_cells():
    """What stands above, beside and below is not the table's."""

    def draw(sheet):
        ruled(sheet)
        for place in ((60, 720), (470, 650), (60, 590), (10, 650)):
            sheet.drawString(*place, "dehors")

    assert rows_on(draw) == [VOTES]


def test_a_page_without_rules_has_no_table():
    """Words in columns alone are none of this reader's business, nor is an empty page."""
    assert rows_on(write) == [] == rows_on(lambda sheet: None)


def bars(sheet):
    """The same grid as thin filled rectangles."""
    for x in XS:
        sheet.rect(x - 0.4, YS[-1], 0.8, YS[0] - YS[-1], stroke=0, fill=1)
    for y in YS:
        sheet.rect(XS[0], y - 0.4, XS[-1] - XS[0], 0.8, stroke=0, fill=1)


def pieces(sheet):
    """The same grid with every side of every cell a line of its own, not quite where its neighbour's is."""
    for row, (top, bottom) in enumerate(pairwise(YS)):
        for left, right in pairwise(XS):
            shift = 1.2 * (row % 2)
            sheet.lines([(left, top - shift, right, top - shift), (left, bottom, right, bottom)])
            sheet.lines([(left + shift, top, left + shift, bottom), (right, top, right, bottom)])


def boxes(sheet):
    """The same grid as a rectangle around each cell."""
    for top, bottom in pairwise(YS):
        for left, right in pairwise(XS):
            sheet.rect(left, bottom, right - left, top - bottom)


def shades(sheet):
    """The same grid as coloured cells without a line."""
    for row, (top, bottom) in enumerate(pairwise(YS)):
        for place, (left, right) in enumerate(pairwise(XS)):
            sheet.setFillGray(0.7 + 0.1 * ((row + place) % 2))
            sheet.rect(left, bottom, right - left, top - bottom, stroke=0, fill=1)
    sheet.setFillGray(0)


def unclosed(sheet):
    """The same grid as coloured cells whose outlines are left open: filling closes them."""
    sheet.setFillGray(0.8)
    for top, bottom in pairwise(YS):
        for left, right in pairwise(XS):
            path = sheet.beginPath()
            path.moveTo(left, top)
            for corner in ((right, top), (right, bottom), (left, bottom)):
                path.lineTo(*corner)
            sheet.drawPath(path, stroke=0, fill=1)
    sheet.setFillGray(0)


def dashed(sheet):
    """The same grid in dashes."""
    sheet.setDash(4, 2)
    sheet.grid(XS, YS)


def dotted(sheet):
    """The same grid in dots, each a square of its own."""
    for x in XS:
        for y in range(YS[-1], YS[0], 2):
            sheet.rect(x, y, 1, 1, stroke=0, fill=1)
    for y in YS:
        for x in range(XS[0], XS[-1], 2):
            sheet.rect(x, y, 1, 1, stroke=0, fill=1)


def thick(sheet):
    """The same grid in strokes of four points."""
    sheet.setLineWidth(4)
    sheet.grid(XS, YS)


def double(sheet):
    """The same grid in double lines."""
    sheet.grid(sorted([*XS, *(x - 3 for x in XS)]), sorted([*YS, *(y + 3 for y in YS)]))


def one_path(sheet):
    """The same grid as one path of many lines."""
    path = sheet.beginPath()
    for x in XS:
        path.moveTo(x, YS[0])
        path.lineTo(x, YS[-1])
    for y in YS:
        path.moveTo(XS[0], y)
        path.lineTo(XS[-1], y)
    sheet.drawPath(path)


@pytest.mark.parametrize("rules", [bars, pieces, boxes, shades, unclosed, dashed, dotted, thick, double, one_path])
def test_rules_may_be_drawn_in_any_way(rules):
    """Bars, pieces, rectangles, colours, dashes, dots, thick and double lines: the same three rows."""

    def draw(sheet):
        rules(sheet)
        write(sheet)

    assert rows_on(draw) == [VOTES]


def test_a_cell_over_several_columns_is_said_once():
    """A title over the whole width is a row of one cell, one over two columns a cell of its row."""

    def draw(sheet):
        sheet.rect(60, 610, 400, 90)
        sheet.lines([(60, 670, 460, 670), (60, 640, 460, 640), (220, 610, 220, 670), (340, 610, 340, 640)])
        write(sheet, (("Tarifs des salles",), ("Salle", "Prix"), ("Grande", "400", "535")))

    assert rows_on(draw) == [(("Tarifs des salles",), ("Salle", "Prix"), ("Grande", "400", "535"))]


def test_a_cell_over_several_rows_stands_in_the_first():
    """The rows below have an empty cell in its place."""

    def draw(sheet):
        sheet.rect(60, 610, 400, 90)
        sheet.lines([(220, 670, 460, 670), (220, 640, 460, 640), (220, 610, 220, 700), (340, 610, 340, 700)])
        write(sheet, (("Cimetière", "15 ans", "176"), ("", "30 ans", "259"), ("", "50 ans", "551")))

    assert rows_on(draw) == [(("Cimetière", "15 ans", "176"), ("", "30 ans", "259"), ("", "50 ans", "551"))]


def test_empty_cells_keep_their_place():
    """An attendance list whose signatures are missing keeps three cells a row."""
    present = (("Nom", "Présent", "Signature"), ("Mme Dupapier", "oui", ""), ("M. Ducarton", "", ""))
    assert rows_on(lambda sheet: ruled(sheet, present)) == [present]


def test_the_lines_of_a_cell_are_one_text():
    """Spaces between words and between lines stay; the cells as the engine gives them keep the line ends."""

    def draw(sheet):
        sheet.grid((60, 160, 300), (700, 650, 620))
        for y, words in ((685, "Association"), (670, "des amis du"), (655, "papier")):
            sheet.drawString(64, y, words)
        sheet.drawString(164, 670, "1 500,00 €")
        sheet.drawString(64, 630, "Chorale")

    (table,) = tables_on(draw)
    assert table.rows == (("Association des amis du papier", "1 500,00 €"), ("Chorale", ""))
    assert table.cells[0][0] == "Association\ndes amis du\npapier"


def test_raised_letters_stay_with_their_figure():
    """« 3 » and a raised « ème » are one word of the cell, though the engine takes them for two lines."""

    def draw(sheet):
        ruled(sheet, (("Classe", "Prix"), ("", ""), ("Toutes", "12")))
        for size, x, y, words in ((12, 64, 649, "Niveau 3"), (5, 112, 658.5, "ème"), (12, 224, 649, "10")):
            sheet.setFont("Helvetica", size)
            sheet.drawString(x, y, words)

    page = drawn_on(draw)
    assert "3\r\nème" in page.get_textpage().get_text_range()
    (table,) = tables_of(page)
    assert table.rows[1] == ("Niveau 3ème", "10", "")


def test_a_word_cut_at_a_line_end_is_whole_in_its_row():
    """The mark the engine puts in place of the hyphen is kept in the cells and gone in the rows."""
    table = FoundTable(box=(0, 0, 1, 1), cells=((f"délibé{CUT}ration", f"Jean{CUT}Paul"), ("Chorale", f"fin{CUT}")))
    assert table.rows == (("délibération", "Jean-Paul"), ("Chorale", "fin-"))


def test_a_word_that_crosses_a_rule_is_in_one_cell():
    """A word too long for its cell is not cut; it stands where its middle is."""

    def draw(sheet):
        sheet.grid((60, 130, 300), YS)
        write(sheet, (("Intercommunalité", ""), ("Bancs", "14"), ("Kiosque", "9")), xs=(60, 130))

    assert rows_on(draw) == [(("Intercommunalité", ""), ("Bancs", "14"), ("Kiosque", "9"))]


def test_words_the_engine_glues_over_a_rule_are_parted():
    """Figures so near to a rule that no space is seen between them belong to two cells."""

    def draw(sheet):
        sheet.grid((60, 75.2, 90.4), YS)
        for y in (685, 655, 625):
            sheet.drawString(61.2, y, "12")
            sheet.drawString(75.9, y, "34")

    page = drawn_on(draw)
    assert "1234" in page.get_textpage().get_text_range()
    assert [table.rows for table in tables_of(page)] == [(("12", "34"),) * 3]


def test_two_tables_on_a_page_are_two():
    """One above the other, and one beside the other."""
    small = (("A", "7"), ("B", "8"))

    def draw(sheet):
        ruled(sheet)
        ruled(sheet, ys=[y - 150 for y in YS])
        ruled(sheet, small, xs=(470, 500, 530), ys=YS[:3])

    assert sorted(rows_on(draw)) == sorted([VOTES, VOTES, small])


SEEN = (("Bancs", "Pour", "Contre"), ("Allées", "14", "1"), ("Kiosque", "9", "6"))


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_is_read_as_it_is_seen(turn):
    """The rows are the reader's, the box the page's own."""

    def draw(sheet):
        sheet.setPageRotation(turn)
        sheet.translate(*{0: (0, 0), 90: (595, 0), 180: (595, 842), 270: (0, 842)}[turn])
        sheet.rotate(turn)
        ruled(sheet, SEEN, xs=[x - 40 for x in XS], ys=[y - 300 for y in YS])
        sheet.drawString(24, 374, "de bois")

    page = drawn_on(draw)
    (table,) = tables_of(page)
    seen = (20, 310, 420, 400)
    own = {0: seen, 90: (195, 20, 285, 420), 180: (175, 442, 575, 532), 270: (310, 422, 400, 822)}[turn]
    assert table.cells == (("Bancs\nde bois", *SEEN[0][1:]), *SEEN[1:])
    assert table.box == pytest.approx(own, abs=1.5)
    assert "Bancs" in page.get_textpage().get_text_bounded(*table.box)


def test_a_cropped_page_keeps_its_own_coordinates():
    """The origin of the page need not be the corner that is seen."""

    def draw(sheet):
        sheet.setCropBox((30, 400, 560, 800))
        ruled(sheet)

    (table,) = tables_on(draw)
    assert table.rows == VOTES
    assert table.box == pytest.approx((60, 610, 460, 700), abs=1.5)


def test_a_table_inside_a_form_is_found_where_it_is_shown():
    """A form in a form, moved and drawn smaller."""

    def draw(sheet):
        sheet.beginForm("tableau")
        ruled(sheet)
        sheet.endForm()
        sheet.beginForm("feuille")
        sheet.scale(0.5, 0.5)
        sheet.doForm("tableau")
        sheet.endForm()
        sheet.translate(100, 50)
        sheet.doForm("feuille")

    (table,) = tables_on(draw)
    assert table.rows == VOTES
    assert table.box == pytest.approx((130, 355, 330, 400), abs=1.5)


def frame(sheet):
    """A border around the page, its header set off."""
    sheet.rect(20, 20, 555, 802)
    sheet.rect(24, 24, 547, 794)
    sheet.line(20, 750, 575, 750)


def column(sheet):
    """Boxes one under the other."""
    sheet.grid((60, 400), YS)


def underlined(sheet):
    """Rules under words."""
    sheet.lines([(60, y - 20, 140, y - 20) for y in YS])


def band(sheet):
    """A page in two colours, from edge to edge."""
    sheet.setFillGray(0.8)
    for left, bottom, wide, high in ((0, 760, 120, 82), (120, 760, 475, 82), (0, 0, 120, 760), (120, 0, 475, 760)):
        sheet.rect(left, bottom, wide, high, stroke=0, fill=1)
    sheet.setFillGray(0)


def marker(sheet):
    """Two lines marked in colour, one shorter than the other."""
    sheet.setFillGray(0.8)
    sheet.rect(60, 670, 300, 30, stroke=0, fill=1)
    sheet.rect(60, 640, 130, 30, stroke=0, fill=1)
    sheet.setFillGray(0)


def columns(sheet):
    """A page in six colours, from edge to edge, no area large."""
    for left in (0, 200, 400):
        for bottom in (0, 420):
            sheet.setFillGray(0.7 + left / 2_000)
            sheet.rect(left, bottom, 200, 422, stroke=0, fill=1)
    sheet.setFillGray(0)


def leaning(sheet):
    """A grid in perspective."""
    sheet.saveState()
    sheet.skew(8, 0)
    sheet.grid(XS, YS)
    sheet.restoreState()


def erased(sheet):
    """White areas behind the words of white paper."""
    sheet.setFillGray(1)
    for y in YS[1:]:
        for left, right in pairwise(XS):
            sheet.rect(left, y, right - left, 30, stroke=0, fill=1)
    sheet.setFillGray(0)


def spread(sheet):
    """Two frames side by side, one around nearly all there is."""
    sheet.grid((20, 60, 575), (822, 790, 20))


def plot(sheet):
    """Squared paper with a few figures."""
    sheet.grid(range(60, 460, 20), range(600, 720, 20))


@pytest.mark.parametrize("rules", [frame, column, underlined, band, columns, leaning, marker, erased, spread, plot])
def test_what_is_no_table_is_none(rules):
    """Frames, boxes, underlines, page design, lines marked or erased, squared paper."""

    def draw(sheet):
        rules(sheet)
        write(sheet, (("Ville de Maquette", "Page"), ("Séance ordinaire", "Mai"), ("Ordre du jour",)))
        sheet.drawString(24, 800, "Août")
        sheet.drawString(100, 800, "Bulletin")

    assert rows_on(draw) == []


def test_a_framed_page_still_has_its_table():
    """The border does not hide what it surrounds."""

    def draw(sheet):
        frame(sheet)
        ruled(sheet)

    assert rows_on(draw) == [VOTES]


def test_a_marked_word_is_no_cell_of_its_own():
    """Colour behind words inside a cell divides nothing."""

    def draw(sheet):
        sheet.setFillGray(0.8)
        sheet.rect(62.7, 674, 154.6, 14, stroke=0, fill=1)
        sheet.rect(222.7, 642.7, 60, 20, stroke=0, fill=1)
        sheet.setFillGray(0)
        ruled(sheet)

    assert rows_on(draw) == [VOTES]


def test_a_table_in_a_cell_is_told_once():
    """Its words are in the cell of the outer table, and nowhere else."""

    def draw(sheet):
        sheet.grid((60, 200, 500), (700, 560, 500))
        sheet.drawString(64, 680, "Prix")
        sheet.drawString(64, 520, "Durée")
        sheet.drawString(204, 520, "un an")
        ruled(sheet, (("A", "1"), ("B", "2")), xs=(220, 300, 380), ys=(680, 650, 620))

    (rows,) = rows_on(draw)
    assert rows == (("Prix", "A 1 B 2"), ("Durée", "un an"))


def test_a_space_that_is_open_at_the_side_keeps_its_words():
    """A row without its last wall still says all it says."""

    def draw(sheet):
        sheet.grid(XS[:3], YS)
        sheet.lines([(340, 700, 460, 700), (460, 700, 460, 640), (340, 640, 460, 640), (340, 670, 460, 670)])
        write(sheet)

    (table,) = tables_on(draw)
    assert Counter(" ".join(map(" ".join, table.rows)).split()) == Counter(" ".join(map(" ".join, VOTES)).split())


def map_of(count):
    """So many short lines, from corner to corner."""
    return [(x % 500, x // 500 * 4, x % 500 + 30, x // 500 * 4 + 20) for x in range(count)]


def streets(sheet):
    """A hundred thousand slanted lines, each a path."""
    for line in map_of(100_000):
        sheet.line(*line)


def hatching(sheet):
    """A hundred thousand level lines, each a path."""
    for left, bottom, right, _ in map_of(100_000):
        sheet.line(left, bottom, right, bottom)


def mosaic(sheet):
    """Forty thousand squares."""
    for left, bottom, _, _ in map_of(40_000):
        sheet.rect(left, bottom, 9, 9)


def coastline(sheet):
    """One path through a hundred thousand points."""
    path = sheet.beginPath()
    path.moveTo(0, 0)
    for left, bottom, _, _ in map_of(100_000):
        path.lineTo(left, bottom)
    sheet.drawPath(path)


def mesh(sheet):
    """A million crossings."""
    sheet.grid([3 * number for number in range(1_000)], [3 * number for number in range(1_000)])


def wide_mesh(sheet):
    """A grid of forty thousand squares."""
    sheet.grid([2.5 * number for number in range(200)], [2.5 * number for number in range(200)])


@pytest.mark.parametrize("drawing", [streets, hatching, mosaic, coastline, mesh, wide_mesh])
def test_a_large_drawing_costs_little(drawing):
    """Maps, hatchings, mosaics, endless paths and meshes end at the limits of the reader."""
    page = drawn_on(drawing)
    textpage = page.get_textpage()
    spent = []
    for _ in range(2):  # the better of two: the machine may be busy
        start = process_time()
        assert find_tables(page, textpage, "", ()) == ()
        spent.append(process_time() - start)
    assert min(spent) < 0.2


CELL = st.text("abcdefgh0123456789", min_size=1, max_size=6) | st.just("")


@settings(deadline=None, max_examples=25)
@given(st.lists(st.lists(CELL, min_size=2, max_size=5), min_size=2, max_size=6), st.data())
def test_every_word_of_any_grid_is_in_its_cell(cells, more):
    """Rows and columns of any width, any cell empty: what is written is read, where it is written."""
    wide = min(map(len, cells))
    cells = tuple(tuple(row[:wide]) for row in cells)
    widths = more.draw(st.lists(st.integers(50, 90), min_size=wide, max_size=wide))
    xs = [40 + sum(widths[:place]) for place in range(wide + 1)]
    ys = [760 - 30 * place for place in range(len(cells) + 1)]
    found = rows_on(lambda sheet: ruled(sheet, cells, xs, ys))
    told = sum(1 for row in cells for cell in row if cell)
    assert found == ([cells] if told >= max(2, 0.2 * wide * len(cells)) else [])


STROKE = st.tuples(*[st.floats(-1_000, 1_000) | st.sampled_from([0.0, 50.0, 100.0, float("inf")])] * 3).map(
    lambda found: (found[0], min(found[1:]), max(found[1:]))
)


@settings(deadline=None)
@given(st.lists(STROKE, max_size=30), st.lists(STROKE, max_size=30))
def test_any_lines_make_whole_lattices(level, upright):
    """Every spot of a lattice is in one space, and a point has a space wherever it is."""
    drawn = Drawn(lines=Rulings(horizontal=level, vertical=upright), areas=[])
    for lattice in lattices(drawn):
        high, wide = len(lattice.ys) - 1, len(lattice.xs) - 1
        assert lattice.spaces.keys() == {(row, column) for row in range(high) for column in range(wide)}
        assert set(lattice.spaces.values()) - lattice.open
        assert {lattice.space(x, y) for x in (-9e9, 0, 9e9) for y in (-9e9, 0, 9e9)} <= set(lattice.spaces.values())


def test_no_word_of_real_papers_is_lost_or_doubled(real):
    """Over the born-digital minutes: the letters in the boxes are the letters in the cells."""
    found = 0
    for path in sorted((real / "files").glob("*_CM_*.pdf"))[:8]:
        for page in PdfDocument(path):
            textpage = page.get_textpage()
            for table in find_tables(page, textpage, textpage.get_text_range(), page_lines(textpage)):
                found += 1
                told = re.findall(r"\w", "".join(map("".join, table.cells)))
                left, bottom, right, top = table.box
                there = textpage.get_text_bounded(left - 1, bottom - 1, right + 1, top + 1)
                assert not Counter(told) - Counter(re.findall(r"\w", there))
    assert found > 20
