"""Records of an atlas: one reader for its pages, its lists and its tables. All projects here are made up."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import extract
from extract.model import Extraction, Hints, Quality
from extract.office.labels import folded, labels_of
from extract.records import cncd
from minutier.town import site
from tests.extract.making_office import book_of

PAIRS = [
    ("Identifiant du projet", "4127"),
    ("Intitulé du projet", "Jumelage Roquevesse – Jiwan"),
    ("Collectivité chef de file :", "Commune de Roquevesse"),
    ("Élu référent", "Mme Untel"),
    ("Courriel", "untel@example.org"),
    ("Pays partenaire", "Chine"),
    ("Collectivité partenaire", "Ville de Jiwan"),
    ("Nature de la coopération", "Convention de jumelage"),
    ("Thématique(s)", "Éducation ; Culture et patrimoine"),
    ("État d'avancement", "Suspendu"),
    ("Date de début", "16 mai 1987"),
    ("Année de fin", "Sans échéance"),
    ("Couleur du dossier", "vert"),
    ("Dernière mise à jour", "06/11/2023"),
]
EXPECTED = [
    ("project", "4127"),
    ("title", "Jumelage Roquevesse – Jiwan"),
    ("lead", "Commune de Roquevesse"),
    ("country", "Chine"),
    ("partner", "Ville de Jiwan"),
    ("nature", "jumelage"),
    ("theme", "Éducation"),
    ("theme", "Culture et patrimoine"),
    ("status", "en sommeil"),
    ("start", "1987-05-16"),
    ("end", "Sans échéance"),
    ("other:Couleur du dossier", "vert"),
    ("updated", "2023-11-06"),
]


def records_of(body):
    """The text of a document and the records in it."""
    found = extract.read(body, Hints())
    return found, cncd.read(found, body, Hints())


def page_of(inner):
    """A page with this in it."""
    return f"<html><head><title>Atlas</title></head><body><main>{inner}</main></body></html>".encode()


def as_table(pairs):
    """Labels and values in the rows of a table."""
    return "<table>" + "".join(f"<tr><th>{label}</th><td>{value}</td></tr>" for label, value in pairs) + "</table>"


def as_list(pairs):
    """Labels and values in a definition list."""
    return "<dl>" + "".join(f"<dt>{label}</dt><dd>{value}</dd>" for label, value in pairs) + "</dl>"


def as_wide_table(pairs):
    """Two labels and two values in each row of a table."""
    rows = zip(pairs[::2], pairs[1::2], strict=True)
    return "<table>" + "".join(
        f"<tr><td>{a}</td><td>{b}</td><td>{c}</td><td>{d}</td></tr>" for (a, b), (c, d) in rows
    ) + "</table>"  # fmt: skip


def as_csv(pairs):
    """Labels as the head of a CSV, values as its only row."""
    return "\n".join(";".join(cells) for cells in zip(*((k, f'"{v}"') for k, v in pairs), strict=True)).encode()


def as_book(pairs):
    """The same in a workbook."""
    return book_of(Projets=list(zip(*pairs, strict=True)))


def as_lines(pairs):
    """Labels and values on lines of text."""
    return "\n".join(f"{label.rstrip(' :')} : {value}" for label, value in pairs).encode()


@pytest.mark.parametrize(
    "body",
    [
        page_of(as_table(PAIRS)),
        page_of(as_list(PAIRS)),
        page_of(as_wide_table(PAIRS)),
        page_of(f"<table><tr><td>{as_table(PAIRS)}</td></tr></table>"),
        as_csv(PAIRS),
        as_book(PAIRS),
    ],
    ids=["table", "list", "wide", "nested", "csv", "book"],
)
def test_every_shape_gives_the_same_record(body):
    """Tables, definition lists and files of rows say the same; persons are no claims, unknown labels are."""
    _, found = records_of(body)
    assert [(record.kind, record.key) for record in found] == [("cncd", "4127")]
    assert [(claim.name, claim.value) for claim in found[0].claims] == EXPECTED


def test_lines_of_text_are_read_where_there_is_no_table():
    """Only labels that are known count there, for prose has colons too."""
    _, found = records_of(as_lines(PAIRS) + "\nRemarque : le comité se réunit.".encode())
    assert [(claim.name, claim.value) for claim in found[0].claims] == [
        each for each in EXPECTED if not each[0].startswith("other:")
    ]


@pytest.mark.parametrize("shape", [as_table, as_list, as_wide_table])
def test_the_quote_of_a_claim_stands_in_the_text(shape):
    """Whoever reads the claim finds its words in the document."""
    found, (record,) = records_of(page_of("<h1>Fiche</h1>" + shape(PAIRS)))
    assert [claim.quote for claim in record.claims if claim.quote not in found.text] == []
    assert any("1987" in claim.quote and claim.value == "1987-05-16" for claim in record.claims)


def test_a_list_of_projects_gives_a_record_for_each():
    """One row is one record, in English too; a row without a number has its place as its key."""
    head = ["Project id", "Title", "Lead authority", "Partner country", "Start year", "Contact person"]
    rows = [["12", "Gardens", "Roquevesse", "China", "1987", "N. N."], ["", "Bridges", "Malvaire", "Spain", "1994", ""]]
    cells = ["".join(f"<td>{cell}</td>" for cell in row) for row in (head, *rows, ["", "", "", "", "", ""])]
    _, found = records_of(page_of("<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"))
    assert [record.key for record in found] == ["12", "#2"]
    assert [(claim.name, claim.value) for claim in found[1].claims] == [
        ("title", "Bridges"), ("lead", "Malvaire"), ("country", "Spain"), ("start", "1994"),
    ]  # fmt: skip


def test_several_records_on_one_page_are_told_apart():
    """Where the number comes again, another record begins."""
    other = [("Identifiant du projet", "4128"), *PAIRS[1:]]
    _, found = records_of(page_of(as_table(PAIRS) + as_list(other)))
    assert [record.key for record in found] == ["4127", "4128"]
    assert all(len(record.claims) == len(EXPECTED) for record in found)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        page_of("<p>Le pays : la Chine.</p>"),
        page_of(as_table([("Lundi", "9 h"), ("Mardi", "10 h"), ("Pays", "Chine")])),
        page_of(as_table([("Budget", "1"), ("Description", "2"), ("Niveau", "3")])),
        page_of("<table></table><dl><dt>Pays</dt></dl>"),
        "Présents : tous\nAbsents : aucun\nPays : Chine".encode(),
    ],
)
def test_a_page_that_is_no_atlas_has_no_records(body):
    """A few labels are not a record, nor is a project without a name, an authority or a country."""
    assert records_of(body)[1] == ()


@pytest.mark.parametrize(
    ("label", "field"),
    [("PAYS", "country"), ("Thèmes :", "theme"), ("Collectivité(s) associée(s)", "associated"),
     ("N° du projet", "project"), ("Sous-thématiques", "subtheme"), ("Maître d’œuvre", "operator"), ("Couleur", "")],
)  # fmt: skip
def test_labels_are_found_whatever_their_dress(label, field):
    """Case, accents, plurals, colons and apostrophes make no difference."""
    assert labels_of("cncd").field(label) == field


@pytest.mark.parametrize(
    ("label", "personal"),
    [("Élu en charge", True), ("Nom du responsable", True), ("Tél. :", True), ("Adresse e-mail", True),
     ("Chef de projet", True), ("Collectivité chef de file", False), ("Cadre de la coopération", False)],
)  # fmt: skip
def test_persons_are_known_by_their_labels(label, personal):
    """What names a person is no claim; a known field is never taken for one."""
    assert labels_of("cncd").is_personal(label) is personal


def test_an_address_under_a_label_nobody_knows_is_no_claim():
    """A telephone number or a mail address gives itself away."""
    pairs = [*PAIRS[:3], ("Pour en savoir plus", "05 61 00 00 00"), ("Écrire à", "mairie@example.org"), PAIRS[5]]
    _, (record,) = records_of(page_of(as_table(pairs)))
    assert [claim.name for claim in record.claims] == ["project", "title", "lead", "country"]


def test_the_labels_contradict_each_other_nowhere():
    """No label stands for two fields, and none of them names a person first."""
    import yaml

    text = (cncd.__file__.rpartition("/")[0]) + "/cncd.yaml"
    with open(text, encoding="utf-8") as file:
        said = yaml.safe_load(file)
    seen: dict[str, str] = {}
    for field, variants in said["fields"].items():
        for label in variants:
            assert seen.setdefault(folded(label), field) == field, label
    assert {*said["several"], *said["dates"], *said["values"]} <= set(said["fields"])


def test_the_atlas_of_the_demonstration_is_read():
    """Every page of the made-up atlas gives one record with its number, its countries and its beginning."""
    pages = [page for page in site.atlas(2) if "/projet/" in page.path]
    assert len(pages) >= 8
    for page in pages:
        _, (record,) = records_of(page.body)
        assert record.key == page.path.rpartition("/")[2]
        assert {"title", "lead", "country", "partner", "nature", "status"} <= {claim.name for claim in record.claims}


@pytest.mark.parametrize(
    "body",
    [
        page_of("<table><tr><td>" * 5_000),
        page_of("<dl><dt>Pays<dd>" * 5_000),
        page_of("<table>" + "<tr><td>Pays<td>Chine" * 20_000),
        page_of(as_table([("Pays", "Chine")] * 5_000)),
        b"<html>" + b"\0" * 5_000_000,
        b'<?xml version="1.0" encoding="utf-16"?><html><body><table></table>',
    ],
    ids=["deep", "deep_list", "long", "repeated", "nul", "declared"],
)
def test_hostile_pages_end(body):
    """Nested, repeated and empty pages give no record and no error."""
    text = Extraction(extractor="", engine="", media_type="text/html", text="", quality=Quality(verdict="good"))
    assert len(cncd.read(text, body, Hints())) <= 1


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([*(label for label, _ in PAIRS), "x"]), st.text(max_size=20)), max_size=8))
def test_any_values_give_sound_claims(pairs):
    """No value raises; every claim has a name, a value and a short quote."""
    text = Extraction(extractor="", engine="", media_type="text/html", text="", quality=Quality(verdict="good"))
    for record in cncd.read(text, page_of(as_table(pairs)), Hints()):
        assert record.key and all(claim.name and claim.value and len(claim.quote) <= 200 for claim in record.claims)
