"""People's decisions: a history that only grows, shown over the machine's values, and outliving every new reading."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from extract.model import Found, Page
from storage import decisions, reading
from storage.decisions import NOTHING, Who, Word
from storage.errors import WrongUse
from storage.filters import Filters
from storage.search import search
from tests.making import Scene, a_source

ANNE = Who(by="Anne", at="2026-03-02T10:00:00Z")


@pytest.fixture
def scene(place: str) -> Iterator[Scene]:
    """A corpus with one document, from a run that is over."""
    made = Scene(place)
    with made.store:
        made.open_run()
        made.give("a", "Le pont nouveau.")
        made.close_run()
        yield made


def the_one(scene: Scene) -> str:
    """Return the id of the document."""
    return str(scene.rows("SELECT id FROM document ORDER BY first_capture_seq")[0][0])


def say(scene: Scene, field: str, value: str | None, **more: Any) -> int:
    """Decide something about the document."""
    words = [Word(document_id=the_one(scene), field=field, value=value, **more)]
    return scene.store.writer.write(lambda connection: decisions.decide(connection, words, ANNE))


def whole(scene: Scene) -> dict[str, Any]:
    """Return the document as `show --json` prints it."""
    with scene.store.reading() as connection:
        return reading.whole(connection, the_one(scene))


def found(scene: Scene, **filters: Any) -> int:
    """Return how many documents some filters select."""
    with scene.store.reading() as connection:
        return reading.count(connection, Filters(**filters))


def test_a_correction_is_shown_searched_and_beside_the_machines_value(scene: Scene) -> None:
    """Title and date are the person's everywhere, with who, when, why and what the machine says."""
    say(scene, "title", "Le vrai titre", because="première page", machine="Un titre")
    say(scene, "date", "1981-06", because="tampon")
    shown = whole(scene)
    assert (shown["title"], shown["date"]) == ("Le vrai titre", "1981-06")
    assert shown["corrections"][0] == {
        "field": "title",
        "machine": "Un titre",
        "value": "Le vrai titre",
        "by": "Anne",
        "at": ANNE.at,
        "because": "première page",
        "sha256": None,
    }
    assert found(scene, until="1985") == 1
    with scene.store.reading() as connection:
        assert search(connection, "pont", Filters(since="1981", until="1981"))["hits"][0]["title"] == "Le vrai titre"


def test_corrections_survive_a_new_reading_and_a_new_crawl(scene: Scene) -> None:
    """Other facts of the same text, another text of the same bytes and other bytes: the person's word stays."""
    say(scene, "title", "Le vrai titre", because="x")
    say(scene, "kind", "press", because="x")
    seq = scene.rows("SELECT seq FROM capture")[0][0]
    scene.store.wait_again([seq])
    scene.read(seq, "Le pont nouveau.", title=Found(value="Encore un autre", found_in="heading"))
    assert (whole(scene)["title"], whole(scene)["kind"]) == ("Le vrai titre", "press")
    scene.store.wait_again([seq])
    scene.read(seq, "Le pont, lu mieux.", title=Found(value="Un titre mieux lu", found_in="heading"))
    scene.store.show_held(the_one(scene), scene.now)
    assert (whole(scene)["title"], whole(scene)["version"]) == ("Le vrai titre", 2)
    scene.open_run()
    scene.give("a", "Un tout autre texte.", title=Found(value="Titre du site", found_in="heading"))
    scene.close_run()
    assert (whole(scene)["title"], whole(scene)["version"]) == ("Le vrai titre", 3)
    assert whole(scene)["corrections"][0]["machine"] == "Titre du site", "the machine's word of today"


def test_taking_back_shows_the_machines_value_of_today_and_keeps_the_history(scene: Scene) -> None:
    """A withdrawn correction leaves the machine's value; both decisions stay, and nothing is written twice."""
    assert (say(scene, "date", "1981", because="x"), say(scene, "date", "1981", because="y")) == (1, 0)
    assert (say(scene, "date", None), say(scene, "date", None)) == (1, 0)
    shown = whole(scene)
    assert (shown["date"], shown["corrections"]) == ("2024-05-27", [])
    assert [(each["value"], each["by"]) for each in shown["decisions"]] == [("1981", "Anne"), (None, "Anne")]


def test_kind_and_authority_overrule_the_source_for_one_document(scene: Scene) -> None:
    """The filters follow the correction and leave the source's other documents alone."""
    scene.open_run()
    scene.give("b", "La rue ancienne.")
    scene.close_run()
    say(scene, "kind", "press", because="x")
    say(scene, "authority", "Ville de Sète", because="x")
    assert (whole(scene)["kind"], whole(scene)["authority"]) == ("press", "Ville de Sète")
    assert (found(scene, kinds=("press",)), found(scene, kinds=("council_minutes",))) == (1, 1)
    assert found(scene, authorities=("Ville de Sète",)) == 1
    say(scene, "kind", None)
    assert (found(scene, kinds=("press",)), found(scene, kinds=("council_minutes",))) == (0, 2)


def test_status_and_tags_select_and_the_newest_word_stands(scene: Scene) -> None:
    """In, then out: out; a document nobody decided on is undecided; a tag can be taken away."""
    assert (found(scene, curated=("undecided",)), found(scene, curated=("in",))) == (1, 0)
    say(scene, "status", "in")
    say(scene, "tag:chine", "yes")
    say(scene, "tag:eau", "yes")
    say(scene, "note", "à relire")
    assert (found(scene, curated=("undecided",)), found(scene, curated=("in",)), found(scene, tags=("eau",))) == (
        0,
        1,
        1,
    )
    assert found(scene, tags=("eau", "chine")) == 1
    assert found(scene, tags=("eau", "feu")) == 0
    say(scene, "status", "out")
    say(scene, "tag:eau", None)
    assert (found(scene, curated=("in",)), found(scene, curated=("in", "out")), found(scene, tags=("eau",))) == (
        0,
        1,
        0,
    )
    assert whole(scene)["curation"] == {"status": "out", "tags": ["chine"], "note": "à relire", "corrected": []}
    say(scene, "status", "undecided")
    assert found(scene, curated=("undecided",)) == 1
    assert NOTHING["tags"] == [], "what stands for no decision is never written into"


def test_decisions_are_in_the_change_feed(scene: Scene) -> None:
    """Curated and corrected are facts of the feed, without a run; the text of a page is not repeated there."""
    say(scene, "status", "in")
    say(scene, "page:1", "Un long texte.", blob_sha256="b" * 64)
    facts = scene.rows("SELECT fact, run_id, detail FROM change WHERE run_id IS NULL ORDER BY seq")
    assert [fact[:2] for fact in facts] == [("curated", None), ("corrected", None)]
    assert "long texte" not in facts[1][2]


def test_a_typed_page_is_a_version_of_its_own_and_can_be_taken_back(scene: Scene) -> None:
    """Pages typed by a person make a version of cause correction; taken back, another; no version is changed."""
    seq = scene.rows("SELECT seq FROM capture")[0][0]
    blob = scene.rows("SELECT blob_sha256 FROM capture")[0][0]
    say(scene, "page:1", "Le pont neuf.", blob_sha256=blob, because="mal lu")
    with scene.store.reading() as connection:
        assert decisions.typed_pages(connection, blob) == {1: "Le pont neuf."}
        assert decisions.captures_of_same_bytes(connection, the_one(scene)) == [seq]
    for text, typed in (("Le pont neuf.", "+hand:1"), ("Le pont nouveau.", ""), ("Le pont, lu mieux.", "")):
        scene.store.wait_again([seq])
        scene.read(seq, text, by_hand=typed)
        scene.store.show_held(the_one(scene), scene.now)
    causes = scene.rows("SELECT number, cause FROM version ORDER BY number")
    assert causes == [(1, "source"), (2, "correction"), (3, "correction"), (4, "extractor")]
    say(scene, "page:1", None, blob_sha256=blob)
    with scene.store.reading() as connection:
        assert decisions.typed_pages(connection, blob) == {}


def test_the_same_reader_giving_another_text_changes_no_version(scene: Scene) -> None:
    """A second text from the same reader stands beside the first: its version keeps text, pages and facts."""
    seq = scene.rows("SELECT seq FROM capture")[0][0]
    before = scene.rows("SELECT id, text_sha256, facts FROM extraction")
    scene.store.wait_again([seq])
    long = "Le pont nouveau, et tout ce qui manquait la première fois."
    assert scene.read(seq, long, pages=(Page(number=1, start=0, end=len(long)),)).state == "updated"
    assert scene.rows("SELECT id, text_sha256, facts FROM extraction ORDER BY id")[:1] == before
    assert scene.rows("SELECT count(DISTINCT extraction_id) FROM version") == [(2,)]
    scene.store.show_held(the_one(scene), scene.now)  # which takes the first version's pieces out of the index
    with scene.store.reading() as connection:
        assert search(connection, "manquait", Filters())["total"] == 1
    scene.store.wait_again([seq])
    assert scene.read(seq, long, pages=(Page(number=1, start=0, end=len(long)),)).state == "unchanged"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("date", "2024-02-31"),
        ("date", "27/05/2024"),
        ("kind", "minutes"),
        ("act_type", "x"),
        ("language", "French"),
        ("url", "x"),
    ],
)
def test_a_value_that_cannot_stand_is_refused(field: str, value: str) -> None:
    """Days that the calendar has not, unknown kinds and fields: one sentence, with the choices."""
    with pytest.raises(WrongUse):
        decisions.checked(field, value)
    assert decisions.checked("title", " Un  titre\n") == "Un titre"


def test_an_authority_is_known_by_its_name_too(scene: Scene) -> None:
    """Id or name of an authority of the corpus give its id; any other name stands as it is."""
    from storage.sources import Authority

    town = {"ville": Authority.model_validate({"name": "Ville de Montpellier"})}
    source = a_source(id="mtp", authority="ville")
    scene.store.open_run(source, town, now=scene.now, version="test", new_id=lambda: "other")
    with scene.store.reading() as connection:
        names = ("ville", "Ville de Montpellier", "Sète")
        assert [decisions.authority_named(connection, name) for name in names] == ["ville", "ville", "Sète"]


def test_a_correction_of_what_was_not_found_is_shown_from_the_start(scene: Scene) -> None:
    """A document without a date gets one from a person, and is no longer counted as undated."""
    scene.open_run()
    scene.give("b", "Sans date.", dates=())
    scene.close_run()
    identity = str(scene.rows("SELECT id FROM document ORDER BY first_capture_seq")[1][0])
    word = Word(document_id=identity, field="date", value="1999", because="x")
    scene.store.writer.write(lambda connection: decisions.decide(connection, [word], ANNE))
    assert scene.rows("SELECT count(*) FROM document WHERE date = ''") == [(0,)]


@pytest.mark.parametrize("title", ["", "  ", "a\x1b[31m", "\udcff", "x" * 2001])
def test_a_title_that_cannot_be_printed_is_refused(title: str) -> None:
    """A correction of nothing, of signs that are no characters, or without end is refused before it is written."""
    with pytest.raises(WrongUse, match="title"):
        decisions.checked("title", title)
