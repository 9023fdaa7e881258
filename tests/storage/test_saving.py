"""Saving: documents, versions, relations, and the rule that good text is never replaced by bad."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

import pytest

from storage.addresses import document_id
from tests.making import Scene


@pytest.fixture
def scene(place: str) -> Iterator[Scene]:
    """A corpus with a run going on."""
    made = Scene(place)
    with made.store:
        made.open_run()
        yield made


def test_the_id_comes_from_the_address_alone(scene: Scene) -> None:
    """A document's id is the hash of its canonical address."""
    assert scene.give("a", "Un texte.").document_id == document_id("http://127.0.0.1:9/a")


def test_same_bytes_are_two_documents_and_one_relation(scene: Scene) -> None:
    """Two addresses with the same bytes: two documents, `same_bytes`, and the later one is `related`."""
    first = scene.give("a", "Le même texte.")
    second = scene.give("b", "Le même texte.")
    assert (first.state, second.state) == ("stored", "related")
    assert scene.rows("SELECT document_id, other_id, type FROM relation") == [
        (second.document_id, first.document_id, "same_bytes")
    ]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_lead_copy_does_not_depend_on_the_order_of_reading(scene: Scene, order: tuple[int, ...]) -> None:
    """Whichever child answers first, the earliest capture leads and one of the three is `stored`."""
    seqs = [scene.fetch(name, f"{name} ".encode()) for name in "abc"]
    for place in order:
        scene.read(seqs[place], "Le même texte.")
    scene.close_run()
    lead = document_id("http://127.0.0.1:9/a")
    assert scene.rows("SELECT DISTINCT other_id, type FROM relation") == [(lead, "same_text")]
    assert (scene.figures()["stored"], scene.figures()["related"]) == (1, 2)


def test_documents_without_text_do_not_repeat_each_other(scene: Scene) -> None:
    """Two different scans have the same empty text, and nothing in common."""
    scene.read(scene.fetch("a", b"scan 1"), "", verdict="scanned")
    assert scene.read(scene.fetch("b", b"scan 2"), "", verdict="scanned").state == "stored"
    assert scene.rows("SELECT count(*) FROM relation") == [(0,)]


def test_changed_bytes_with_the_same_text_make_no_version(scene: Scene) -> None:
    """A page whose counter moved but whose text did not is `unchanged`."""
    scene.read(scene.fetch("a", b"<p>Texte</p><i>1</i>"), "Texte")
    scene.close_run()
    scene.open_run()
    assert scene.read(scene.fetch("a", b"<p>Texte</p><i>2</i>"), "Texte").state == "unchanged"
    assert scene.rows("SELECT count(*) FROM version") == [(1,)]


def test_a_changed_text_is_a_new_version_and_the_old_one_stays(scene: Scene) -> None:
    """After a good run the new text is shown and found, the old one can still be read and is no longer found."""
    scene.give("a", "La rivière ancienne.")
    scene.close_run()
    scene.open_run()
    scene.give("a", "Le pont nouveau.")
    assert scene.rows("SELECT count(*) FROM version WHERE held") == [(1,)]
    scene.close_run()
    assert scene.rows("SELECT number, cause, held FROM version ORDER BY number") == [(1, "source", 0), (2, "source", 0)]
    texts = scene.rows("SELECT text FROM body_text JOIN version ON text_sha256 = sha256 ORDER BY number")
    assert texts == [("La rivière ancienne.",), ("Le pont nouveau.",)]
    from storage.filters import Filters
    from storage.search import search

    with scene.store.reading() as connection:
        assert search(connection, "pont", Filters())["total"] == 1
        assert search(connection, "rivière", Filters())["total"] == 0


@pytest.mark.parametrize("verdict", ["corrupt", "empty", "timeout", "crash", "encrypted"])
def test_unreadable_bytes_never_replace_a_good_text(scene: Scene, verdict: str) -> None:
    """A document that comes back broken keeps its version; the address is counted as failed, with the reason."""
    scene.give("a", "Un bon texte.")
    scene.close_run()
    scene.open_run()
    assert scene.read(scene.fetch("a", b"%PDF broken"), "", verdict=verdict).state == "failed"
    scene.close_run()
    assert scene.rows("SELECT verdict FROM document") == [("good",)]
    assert scene.rows("SELECT reason FROM run_address WHERE run_id = 'run2'") == [("bad_version",)]


def test_a_truncated_body_never_replaces_a_whole_one(scene: Scene) -> None:
    """A response that broke off is captured, and changes nothing."""
    scene.give("a", "Un texte entier, jusqu'au bout.")
    scene.close_run()
    scene.open_run()
    seq = scene.fetch("a", b"Un texte", flags=("truncated",))
    assert scene.read(seq, "Un texte").state == "failed"


def test_a_better_reading_of_the_same_bytes_is_a_version_of_the_extractor(scene: Scene) -> None:
    """Reading again with another result makes a version whose cause is the extractor, shown at once."""
    seq = scene.fetch("a", b"bytes")
    saved = scene.read(seq, "Txte")
    scene.close_run()
    scene.store.wait_again([seq])
    scene.read(seq, "Texte")
    scene.store.show_held(saved.document_id, scene.now)
    assert scene.rows("SELECT number, cause FROM version ORDER BY number") == [(1, "source"), (2, "extractor")]
    assert scene.rows(
        "SELECT text FROM body_text JOIN version v ON text_sha256 = sha256 JOIN document d "
        "ON d.current_version_id = v.id"
    ) == [("Texte",)]
    assert scene.figures()["stored"] == 1, "a closed run's account does not move"


def test_a_permanent_redirect_gives_one_document_two_addresses(scene: Scene) -> None:
    """A known address that now redirects for good: the same document, an alias, and a dated fact."""
    first = scene.give("old", "Un texte.")
    scene.close_run()
    scene.open_run()
    new = "http://127.0.0.1:9/new"
    seq = scene.fetch(
        "old", b"Un texte.", url=new, document_address=new, redirects=(("http://127.0.0.1:9/old", 301, new),)
    )
    assert scene.read(seq, "Un texte.").document_id == first.document_id
    assert scene.rows("SELECT address FROM document_alias") == [(new,)]
    assert ("moved",) in scene.rows("SELECT fact FROM change")
    assert scene.give("new", "Un texte.").document_id == first.document_id


def test_a_second_source_adds_a_row_and_no_document(scene: Scene) -> None:
    """The same address seen by another source is the same document, published by both."""
    from tests.making import a_source

    scene.give("a", "Un texte.")
    scene.close_run()
    scene.open_run(a_source(id="other-town"))
    assert scene.give("a", "Un texte.").state == "unchanged"
    assert scene.rows("SELECT source_id FROM document_source ORDER BY 1") == [("other-town",), ("town",)]
