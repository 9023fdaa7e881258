"""Names for people: they sort, fit everywhere, and lead back to the document."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bundles.model import Documents
from bundles.naming import PREFERRED, beside, stem, title_for_people
from storage.store import Store
from tests.bundles.making import a_document

ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"number": "0412"}, "1981-06-22 Montpellier PV 0412 tq3abcdefghijk27"),
        ({"date": "", "authority": ""}, "undated montpellier PV tq3abcdefghijk27"),
        ({"act_type": "deliberation", "date": "1981"}, "1981 Montpellier Délib tq3abcdefghijk27"),
        ({"act_type": "", "kind": "press"}, "1981-06-22 Montpellier Presse tq3abcdefghijk27"),
        ({"act_type": "", "kind": "autre_chose"}, "1981-06-22 Montpellie autre chose tq3abcdefghijk27"),
        ({"authority": "Commune d'Alès"}, "1981-06-22 Alès PV tq3abcdefghijk27"),
        ({"authority": "Communauté d'agglomération du Pays"}, "1981-06-22 Communauté d agglom PV tq3abcdefghijk27"),
        ({"revision": "v2"}, "1981-06-22 Montpellier PV tq3abcdefghijk27 v2"),
        ({"id": "tq3abcdefghijk27-p12"}, "1981-06-22 Montpellier PV tq3abcdefghijk27-p12"),
        ({"authority": "../\u202e*CON"}, "1981-06-22 CON PV tq3abcdefghijk27"),
        ({"authority": "友好"}, "1981-06-22 友好 PV tq3abcdefghijk27"),
    ],
)
def test_a_name_says_when_who_and_what(values: dict[str, str], name: str) -> None:
    """Date, place, kind, number and the whole id; a long place is cut, and nothing else."""
    assert title_for_people(a_document(**values)) == name


@given(ANY, ANY, ANY, ANY, st.sampled_from(["", "1981", "1981-06", "1981-06-22"]), st.sampled_from(["", "v12"]))
def test_a_name_fits_every_system(
    authority: str, source: str, kind: str, number: str, date: str, revision: str
) -> None:
    """At most 50 characters and 200 bytes, only letters, digits, spaces and hyphens, and the id whole at its end."""
    document = a_document(authority=authority, source=source, kind=kind, act_type="", number=number, date=date,
                          revision=revision, id="tq3abcdefghijk27-p1234")  # fmt: skip
    name = title_for_people(document)
    assert len(name) <= PREFERRED and len(name.encode()) <= 200
    assert re.fullmatch(r"[\w\u0300-\U0010ffff -]+", name) and "  " not in name and name == name.strip()
    assert re.search(r" tq3abcdefghijk27-p1234( v12)?$", name)


@pytest.mark.parametrize("corpus", ["ordinary", "hostile"])
@pytest.mark.parametrize("unit", ["document", "page", "act"])
def test_no_two_names_are_alike(corpus: str, unit: str, request: pytest.FixtureRequest) -> None:
    """Without regard to case, in both corpora, for each unit; file names too."""
    store: Store = request.getfixturevalue(corpus)
    documents = list(Documents(store=store, unit=unit))
    for made in (title_for_people, stem):
        assert len({made(each).casefold() for each in documents}) == len(documents) > 5


def test_a_changed_text_gets_a_file_name_of_its_own() -> None:
    """`v2` stands in the file name as in the name for people; a further file stands beside its bundle."""
    assert stem(a_document(revision="v2")) == "1981-06-22_proces-verbal_tq3abcdefghijk27_v2"
    assert beside(Path("out/c.qdpx"), ".classification.xlsx") == Path("out/c.classification.xlsx")
