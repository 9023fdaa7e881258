"""Freezes: what is in them never changes, and their hash says what they hold."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bundles.formats.open import write
from bundles.model import Documents
from extract.model import Found
from storage import decisions, freezes, freezing
from storage.decisions import Who, Word
from storage.errors import Busy, WrongUse
from storage.filters import Filters
from storage.listing import BLANK, listed
from storage.models import FrozenVersion
from storage.verify import verify
from tests.making import Scene

WHO = Who(by="Anne", at="2026-03-02T10:00:00Z")
SOFTWARE = {"minutier": "1", "extractor": "1", "vocabulary": "1"}


@pytest.fixture
def scene(place: str) -> Iterator[Scene]:
    """A corpus of three documents."""
    made = Scene(place)
    with made.store:
        made.open_run()
        for name, text in (("a", "Le pont nouveau."), ("b", "La rue ancienne."), ("c", "Le port de pêche.")):
            made.give(name, text)
        made.close_run()
        yield made


def freeze(scene: Scene, name: str, question: str = "", who: Who = WHO, **filters: Any) -> Any:
    """Freeze a selection."""
    plan = freezes.Plan(name=name, filters=Filters(**filters), question=question, software=SOFTWARE, registry={})
    return freezing.freeze(scene.store, plan, who)


def bundle(scene: Scene, folder: Path, **what: Any) -> dict[str, str]:
    """Export an open bundle and return the hash of each file."""
    write(Documents(store=scene.store, **what), folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def everything_changes(scene: Scene) -> None:
    """Correct, tag, crawl another text, and take a document into the corpus."""
    identity = str(scene.rows("SELECT id FROM document ORDER BY first_capture_seq")[1][0])
    words = [
        Word(document_id=identity, field="title", value="Corrigé", because="x"),
        Word(document_id=identity, field="tag:x", value="yes"),
    ]
    scene.store.writer.write(lambda connection: decisions.decide(connection, words, WHO))
    scene.open_run()
    scene.give("a", "Le pont est tombé.", title=Found(value="Un autre", found_in="heading"))
    scene.give("d", "Un document de plus.")
    scene.close_run()


def test_an_export_of_a_freeze_is_the_same_bytes_whatever_came_after(scene: Scene, tmp_path: Path) -> None:
    """Corrections, tags, new versions and new documents change no byte of it; an export of the corpus they do."""
    assert freeze(scene, "these")["documents"] == 3
    before, loose = bundle(scene, tmp_path / "1", freeze="these"), bundle(scene, tmp_path / "2")
    everything_changes(scene)
    assert bundle(scene, tmp_path / "3", freeze="these") == before
    assert bundle(scene, tmp_path / "4") != loose
    page = {"README.md"}  # which names the freeze
    assert {name for name in loose | before if loose.get(name) != before.get(name)} == page, "at first both were alike"


def test_the_hash_is_of_what_is_frozen_and_not_of_the_moment(scene: Scene) -> None:
    """Frozen again by someone else later under another name: the same hash; after a correction: another one."""
    first = freeze(scene, "one")["sha256"]
    assert freeze(scene, "two", who=Who(by="Bo", at="2027-01-01T00:00:00Z"))["sha256"] == first
    assert freeze(scene, "three", until="2030")["sha256"] != first
    everything_changes(scene)
    assert freeze(scene, "four")["sha256"] != first
    with scene.store.reading() as connection:
        row = freezes.one(connection, "one")
        entries = freezes.entries(connection, "one")
    in_order = sorted(entries, key=lambda entry: str(entry["document_id"]))
    made = b"".join(freezes.canonical(in_order, question="", filters=row.filters, software=row.software))
    assert hashlib.sha256(made).hexdigest() == first, "it can be computed again from what is kept"
    whole = {"filters": row.filters, "format": 1, "question": "", "software": row.software, "versions": in_order}
    assert made == json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def test_a_name_is_used_once_and_nothing_is_made_of_nothing(scene: Scene) -> None:
    """The same name is refused, an empty selection leaves no freeze, and a question selects."""
    freeze(scene, "one")
    with pytest.raises(WrongUse, match="already"):
        freeze(scene, "one", question="pont")
    assert freeze(scene, "none", languages=("de",)) is None
    assert freeze(scene, "pont", question="pont")["documents"] == 1
    assert scene.rows('SELECT name FROM "freeze" ORDER BY name') == [("one",), ("pont",)]


@pytest.mark.parametrize("name", ["", "a b", "../x", "é", "-x", "x" * 81])
def test_a_name_must_fit_a_file_and_a_footnote(name: str) -> None:
    """Spaces, slashes, accents and the rest are refused with one sentence."""
    with pytest.raises(WrongUse):
        freezes.checked_name(name)
    assert freezes.checked_name("these-2026.1") == "these-2026.1"


def test_the_difference_of_two_freezes_names_each_document_once(scene: Scene) -> None:
    """Added, another text, other metadata, the same: the four add up to the second freeze."""
    freeze(scene, "one")
    everything_changes(scene)
    freeze(scene, "two")
    with scene.store.reading() as connection:
        old, new = (freezes.entries(connection, name) for name in ("one", "two"))
    apart = freezes.difference(old, new)
    assert {name: len(found) for name, found in apart.items()} == {
        "added": 1,
        "removed": 0,
        "changed_text": 1,
        "changed_metadata": 1,
        "same": 1,
    }
    (fields,) = apart["changed_metadata"].values()
    assert fields == {"title": ["Un titre", "Corrigé"], "tags": ["", "x"], "corrected": ["", "title"]}
    assert len(freezes.difference(new, old)["removed"]) == 1


def test_only_what_is_new_or_changed_since_a_freeze(scene: Scene, tmp_path: Path) -> None:
    """A new document and a new text are exported; the untouched and those no longer selected are named."""
    freeze(scene, "one")
    everything_changes(scene)
    documents = Documents(store=scene.store, since="one")
    assert {document.text for document in documents} == {"Le pont est tombé.", "Un document de plus."}
    assert {name: len(ids) for name, ids in documents.chosen.changes.items()} == {
        "new": 1,
        "changed": 1,
        "untouched": 2,
        "withdrawn": 0,
        "no_longer_selected": 0,
    }
    fewer = Documents(store=scene.store, since="one", filters=Filters(curated=("in",)))
    assert (len(fewer), len(fewer.chosen.changes["no_longer_selected"])) == (0, 3)
    freeze(scene, "two")
    assert len(Documents(store=scene.store, freeze="two", since="one")) == 2
    with pytest.raises(WrongUse, match="no freeze"):
        len(Documents(store=scene.store, freeze="nothing"))


def test_what_was_withdrawn_is_missing_from_the_export_and_named(scene: Scene, tmp_path: Path) -> None:
    """A frozen version that is no longer in the corpus is counted; the hash of the freeze stays."""
    digest = freeze(scene, "one")["sha256"]
    ((version, identity),) = scene.rows("SELECT id, document_id FROM version ORDER BY id LIMIT 1")
    gone = f"UPDATE version SET number = 9 WHERE id = {version}"
    scene.store.writer.write(lambda connection: connection.exec_driver_sql(gone) and None)
    documents = Documents(store=scene.store, freeze="one")
    assert documents.chosen.withdrawn == (identity,)
    assert len(list(documents)) == len(documents) == 2
    changes = Documents(store=scene.store, since="one", filters=Filters(curated=("in",))).chosen.changes
    assert (changes["withdrawn"], len(changes["no_longer_selected"])) == ((identity,), 2)
    with scene.store.reading() as connection:
        assert freezes.one(connection, "one").sha256 == digest


def test_the_account_says_what_was_seen_kept_and_put_aside(scene: Scene) -> None:
    """Each address counts once over all runs; what failed later is still kept, and what never came has its reason."""
    scene.open_run()
    scene.fetch("a", status=500)
    scene.fetch("lost", status=500)
    scene.close_run(troubles=("Une règle est fausse.",))
    freeze(scene, "one")
    with scene.store.reading() as connection:
        account = freezes.one(connection, "one").account
    assert account["addresses"] == {"seen": 4, "listings": 0, "kept": 3, "pending": 0, "aside": {"http_500": 1}}
    (source,) = account["sources"]
    assert (source["runs"], source["good"], source["outcomes"]) == (2, False, {"complete": 1, "incomplete": 1})
    assert (account["documents"], account["selected"], account["undated"]) == (3, 3, 0)


def unfinished(scene: Scene, pid: int) -> None:
    """Leave what a process leaves that is killed while it freezes."""
    with scene.store.reading() as connection:
        ids = freezing.selected(connection, Filters(), "")
        plan = freezes.Plan(name="half", filters=Filters(), software=SOFTWARE, registry={})
        row = freezing.row_of(connection, plan, WHO, ids)
        entries = [freezing.entry_of(each) for each in listed(connection, ids[:2])]
    row["written_by"] = json.dumps(json.loads(row["written_by"]) | {"pid": pid})
    scene.store.writer.write(lambda connection: freezing.begin(connection, row, WHO.at))
    scene.store.writer.write(lambda connection: freezing.put(connection, "half", 0, entries))


def test_a_freeze_that_is_being_written_is_not_there(scene: Scene) -> None:
    """Nobody sees it, its name is taken while its writer lives, and `verify` finds nothing wrong with it."""
    unfinished(scene, os.getpid())
    with scene.store.reading() as connection:
        assert freezes.freezes(connection) == []
        with pytest.raises(WrongUse, match="no freeze"):
            freezes.one(connection, "half")
    assert verify(scene.store).faults == ()
    with pytest.raises(Busy, match="writing the freeze"):
        freeze(scene, "half")
    assert freeze(scene, "other")["documents"] == 3
    assert len(scene.rows("SELECT place FROM frozen_version WHERE freeze_name = 'half'")) == 2


def test_what_a_killed_freeze_left_is_taken_away(scene: Scene) -> None:
    """The next freeze, of whatever name, takes its entries and its name back."""
    unfinished(scene, 2**22 + 1)  # no system gives a process that number
    freeze(scene, "other")
    assert scene.rows('SELECT name FROM "freeze"') == [("other",)]
    assert scene.rows("SELECT count(*) FROM frozen_version WHERE freeze_name = 'half'") == [(0,)]
    unfinished(scene, 2**22 + 1)
    assert freeze(scene, "half")["documents"] == 3


def test_a_freeze_that_fails_leaves_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error in the middle: neither the name nor an entry stays, and the same name can be used."""
    whole = freezing.put

    def second_fails(connection: Any, **given: Any) -> None:
        if given["first"]:
            raise WrongUse("no more")
        whole(connection, **given)

    monkeypatch.setattr(freezing, "AT_ONCE", 2)
    monkeypatch.setattr(freezing, "put", second_fails)
    with pytest.raises(WrongUse, match="no more"):
        freeze(scene, "one")
    assert scene.rows("SELECT count(*) FROM frozen_version") == scene.rows('SELECT count(*) FROM "freeze"') == [(0,)]
    monkeypatch.setattr(freezing, "put", whole)
    assert freeze(scene, "one")["sha256"] == freeze(scene, "two")["sha256"]


def test_a_freeze_leaves_room_for_others_between_its_parts(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others write between two parts of it, and it still holds the moment at which it began."""
    whole = freezing.put
    parts: list[int] = []

    def put(connection: Any, **given: Any) -> None:
        parts.append(len(given["entries"]))
        whole(connection, **given)

    def between(connection: Any, ids: list[str]) -> Any:
        if parts:
            title = Word(document_id=ids[0], field="title", value=f"Écrit {len(parts)}", because="x")
            scene.store.writer.write(lambda writing: decisions.decide(writing, [title], WHO))
        return listed(connection, ids)

    monkeypatch.setattr(freezing, "AT_ONCE", 1)
    monkeypatch.setattr(freezing, "put", put)
    monkeypatch.setattr(freezing, "listed", between)
    freeze(scene, "one")
    assert parts == [1, 1, 1]
    with scene.store.reading() as connection:
        assert [entry["shown"]["title"] for entry in freezes.entries(connection, "one")] == ["Un titre"] * 3
    assert scene.rows("SELECT title FROM document ORDER BY title") == [("Un titre",), ("Écrit 1",), ("Écrit 2",)]


def test_a_freeze_older_than_a_field_is_still_exported(scene: Scene, tmp_path: Path) -> None:
    """A field that the metadata did not have then is blank, of the kind that it is now."""
    freeze(scene, "these")
    wanted = bundle(scene, tmp_path / "1", freeze="these")
    with scene.store.reading() as connection:
        now = next(freezes.frozen(connection, "these")).shown
    assert set(now) == set(BLANK)
    assert {name for name in now if type(now[name]) is not type(BLANK[name])} == set()
    for row in scene.rows("SELECT document_id, shown FROM frozen_version"):
        old = json.loads(row[1]) if isinstance(row[1], str) else dict(row[1])
        for name in ("note", "request_ref", "needs_ocr"):
            del old[name]
        change = update(FrozenVersion).where(FrozenVersion.document_id == row[0]).values(shown=old)
        scene.store.writer.write(lambda connection, change=change: connection.execute(change))
    assert bundle(scene, tmp_path / "2", freeze="these") == wanted
