"""The order of lines on made-up pages."""

from hypothesis import given
from hypothesis import strategies as st

from extract.pdf.lines import CUT, Line, upright
from extract.pdf.order import drawn_once, in_reading_order, in_whole_lines


def line(text, left, top, width=200, height=10):
    """A line of a page with its upper left corner."""
    return Line(text=text, box=(left, top - height, left + width, top))


def said(lines):
    """The texts of lines."""
    return [each.text for each in lines]


def test_columns_drawn_one_after_the_other_stay():
    """The second column begins higher than the first ends: it is not moved."""
    left = [line(f"g{n}", 50, 700 - 12 * n) for n in range(5)]
    right = [line(f"d{n}", 300, 700 - 12 * n) for n in range(5)]
    assert in_reading_order(left + right) == left + right


def test_a_heading_drawn_last_goes_up_to_its_place():
    """It comes before the lines under it, and the columns keep their order."""
    left = [line(f"g{n}", 50, 700 - 12 * n) for n in range(5)]
    right = [line(f"d{n}", 300, 700 - 12 * n) for n in range(5)]
    heading = line("TITRE", 50, 730, width=450)
    assert said(in_reading_order([*left, *right, heading])) == ["TITRE", *said(left), *said(right)]


def test_a_block_drawn_late_moves_as_a_whole():
    """The cells of a table between the late lines move with them."""
    body = [line(f"b{n}", 50, 600 - 12 * n) for n in range(6)]
    table = [line("a1", 50, 700), line("a2", 350, 700, width=40), line("a3", 50, 680)]
    assert said(in_reading_order(body + table)) == ["a1", "a2", "a3", *said(body)]


def test_a_foot_drawn_first_goes_down():
    """One line that stands under all others is moved, not all others."""
    body = [line(f"b{n}", 50, 700 - 12 * n) for n in range(6)]
    assert said(in_reading_order([line("note", 60, 100), *body])) == [*said(body), "note"]


def test_a_page_drawn_from_its_foot_is_turned_over():
    """Lines in the opposite order come out from top to bottom."""
    body = [line(f"b{n}", 50, 700 - 12 * n) for n in range(12)]
    assert in_reading_order(body[::-1]) == body


def test_lines_drawn_twice_are_read_once():
    """A shadow a fraction of a point away is no second line; the same words elsewhere are."""
    lines = [line("TITRE", 50, 700), line("TITRE", 50.4, 699.8), line("TITRE", 50, 500)]
    assert drawn_once(lines) == [lines[0], lines[2]]


def test_raised_letters_go_with_their_number():
    """« 1 », « er » and « janvier » of one line are one; a note after a word stays apart, cells are left alone."""
    raised = Line(text="er janvier", box=(106, 694, 160, 701))
    parts = [line("le", 50, 700, width=40), line("1", 95, 700, width=11), raised]
    assert said(in_whole_lines(parts)) == ["le 1er janvier"]
    assert said(in_whole_lines([line("mot", 50, 700, width=20), line("1", 70, 702, width=3, height=6)])) == ["mot 1"]
    assert said(in_whole_lines([line("12", 50, 700, width=20), line("34", 120, 700, width=20)])) == ["12", "34"]
    assert said(in_whole_lines([line(f"déve{CUT}", 50, 700), line("loppe", 250, 700)])) == [f"déve{CUT}", "loppe"]


def test_a_turned_page_is_read_as_it_is_shown():
    """The four turns of a box of a page of 100 by 200."""
    box = (10, 20, 30, 25)
    assert upright(box, 0, 100, 200) == box
    assert upright(box, 180, 100, 200) == (70, 175, 90, 180)
    assert upright(box, 90, 200, 100) == (20, 70, 25, 90)
    assert upright(box, 270, 200, 100) == (175, 10, 180, 30)


boxes = st.tuples(*[st.integers(0, 600)] * 2, st.integers(0, 400), st.integers(0, 30))


@given(st.lists(boxes, max_size=25))
def test_no_line_is_lost_whatever_the_places(places):
    """Any set of boxes comes out once each, and a second ordering changes no line's right to its place."""
    lines = [line(str(n), left, top, width, height) for n, (left, top, width, height) in enumerate(places)]
    assert sorted(said(in_reading_order(lines))) == sorted(said(lines))
