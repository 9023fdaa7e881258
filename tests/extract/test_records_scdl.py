"""Deliberations of an open-data table, with the names its columns really bear. All rows are made up."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import extract
from extract.model import Hints
from extract.records import scdl
from tests.extract.making_office import book_of

# fmt: off
HEAD = [
    "COLL_NOM", "COLL_SIRET", "DELIB_ID", "DELIB_DATE", "DELIB_MATIERE_CODE", "DELIB_MATIERE_NOM", "DELIB_OBJET",
    "BUDGET_ANNEE", "BUDGET_NOM", "PREF_ID", "PREF_DATE",
    "VOTE_EFFECTIF", "VOTE_REEL", "VOTE_POUR", "VOTE_CONTRE", "VOTE_ABSTENTION", "DELIB_URL",
]
ROW = [
    "Roquevesse-sur-Orzène", "21310000000017", "2024-031", "2024-05-27", "7.5", "Finances locales/Subventions",
    "Subvention au comité de jumelage", "2024", "Budget principal", "031-213100000-20240527-2024-031-DE", "28/05/2024",
    "19", "17", "15", "0", "2", "https://example.org/2024-031.pdf",
]
# fmt: on
EXPECTED = {
    "authority": "Roquevesse-sur-Orzène",
    "siret": "21310000000017",
    "number": "2024-031",
    "date": "2024-05-27",
    "subject_code": "7.5",
    "subject": "Finances locales/Subventions",
    "title": "Subvention au comité de jumelage",
    "budget_year": "2024",
    "budget": "Budget principal",
    "transmission": "031-213100000-20240527-2024-031-DE",
    "transmitted": "2024-05-28",
    "exercice": "19",
    "present": "17",
    "in_favour": "15",
    "against": "0",
    "abstentions": "2",
    "url": "https://example.org/2024-031.pdf",
}  # fmt: skip
KEY = "21310000000017/2024-05-27/2024-031"


def table_of(head=HEAD, *rows, sign=";", encoding="utf-8"):
    """A CSV of these rows."""
    return "\r\n".join(sign.join(row) for row in (head, *rows)).encode(encoding)


def records_of(body):
    """The records of a document."""
    return scdl.read(extract.read(body, Hints()), body, Hints())


def said(record):
    """The claims of a record by name."""
    return {claim.name: claim.value for claim in record.claims}


@pytest.mark.parametrize(
    "body",
    [
        table_of(HEAD, ROW),
        table_of(HEAD, ROW, sign=",", encoding="windows-1252"),
        table_of(HEAD, ROW, sign="\t", encoding="utf-16"),
        book_of(Feuil1=[["Délibérations 2024"], [], HEAD, [*ROW[:11], *map(int, ROW[11:16]), ROW[16]]], notes=[["x"]]),
        json.dumps([dict(zip(HEAD, ROW, strict=True))]).encode(),
        json.dumps({"total": 1, "records": [{"fields": dict(zip(HEAD, ROW, strict=True))}]}).encode(),
    ],
    ids=["csv", "comma", "tab", "book", "json", "portal"],
)
def test_every_form_of_the_table_gives_the_same_record(body):
    """Seventeen columns are seventeen claims, and the key tells sessions and towns apart."""
    (record,) = records_of(body)
    assert (record.kind, record.key, said(record)) == ("scdl", KEY, EXPECTED)


def test_the_quote_is_what_was_printed():
    """A day of French form is a claim in ISO form with its own words."""
    (record,) = records_of(table_of(HEAD, ROW))
    assert [(claim.value, claim.quote) for claim in record.claims if claim.name == "transmitted"] == [
        ("2024-05-28", "28/05/2024")
    ]


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("VOTE_EFFECTIF", "VOTE_EFFFECTIF"),
        ("VOTE_ABSTENTION", "VOTE_ABST"),
        ("DELIB_OBJET", "Délib objet"),
        ("DELIB_OBJET", "D\ufffdlib_objet"),
        ("DELIB_OBJET", "DÃ©lib_Objet"),
        ("COLL_NOM", " coll_nom "),
        ("DELIB_MATIERE_NOM", "DELIB_MATIERES_NOM"),
        ("DELIB_DATE", "Date délib."),
        ("COLL_NOM", "\ufeffCOLL_NOM"),
    ],
)
def test_columns_are_known_under_the_names_they_bear(was, now):
    """Doubled letters, abbreviations, lost accents, capitals and spaces make no difference."""
    head = [now if name == was else name for name in HEAD]
    (record,) = records_of(table_of(head, ROW))
    assert said(record) == EXPECTED


def test_columns_without_a_name_are_left_and_others_are_kept():
    """`column_18` says nothing; a column of the town's own is a claim under its name."""
    (record,) = records_of(table_of([*HEAD, "column_18", "", "RAPPORTEUR_SERVICE"], [*ROW, "x", "y", "Culture"]))
    assert said(record) == {**EXPECTED, "other:RAPPORTEUR_SERVICE": "Culture"}


def test_optional_columns_may_be_missing():
    """Seven columns are required, and what is not there is not claimed."""
    (record,) = records_of(table_of(HEAD[:7], ROW[:7]))
    assert said(record) == dict(list(EXPECTED.items())[:7])


def test_a_required_column_that_is_missing_is_named():
    """There is no record, and the reason can be asked for."""
    body = table_of(HEAD[:6], ROW[:6])
    read = extract.read(body, Hints())
    assert scdl.read(read, body, Hints()) == ()
    assert scdl.missing_columns(read, body, Hints()) == ("DELIB_OBJET",)
    assert scdl.missing_columns(read, table_of(HEAD, ROW), Hints()) == ("DELIB_OBJET",)
    whole = table_of(HEAD, ROW)
    assert scdl.missing_columns(extract.read(whole, Hints()), whole, Hints()) == ()


@pytest.mark.parametrize("cell", ["", "unanimité", "NC", "-1", "12,5", "12345"])
def test_a_vote_that_is_no_number_is_not_claimed(cell):
    """Nothing is made up where a column says no count."""
    (record,) = records_of(table_of(HEAD, [*ROW[:13], cell, *ROW[14:]]))
    assert "in_favour" not in said(record)
    assert said(record)["against"] == "0"


def test_a_date_that_is_none_stays_as_it_is():
    """It is claimed as printed; a row without a number has its place as its key."""
    (record,) = records_of(table_of(HEAD, [ROW[0], ROW[1], "", "printemps", *ROW[4:]]))
    assert (record.key, said(record)["date"]) == ("#1", "printemps")


def test_empty_rows_are_no_records():
    """Nor are rows that name no deliberation."""
    assert len(records_of(table_of(HEAD, ROW, [""] * 17, ["Roquevesse", *[""] * 16], ROW))) == 2


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[" * 100_000, b"[1, 2]", b'{"a": {"b": 1}}', b'[{"COLL_NOM": {"a": [1]}}]', b"null",
     b"a;b;c\n1;2;3\n", "Bonjour à tous".encode("utf-16"), b"\0" * 1_000],
)  # fmt: skip
def test_what_is_no_such_table_has_no_records(body):
    """Broken JSON, other tables, plain text."""
    assert records_of(body) == ()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.text(max_size=12), max_size=19), max_size=5))
def test_any_rows_give_sound_records(rows):
    """No cell raises; counts are digits and quotes are short."""
    objects = [{name: cell for name, cell in zip(HEAD, row, strict=False)} for row in rows]
    body = json.dumps(objects).encode("ascii")
    for record in scdl.read(extract.failed(body, "good", ""), body, Hints()):
        assert record.key
        for claim in record.claims:
            assert claim.value and len(claim.quote) <= 200
            assert claim.name not in ("exercice", "in_favour", "against") or claim.value.isdigit()
