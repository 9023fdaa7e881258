"""A document that is withdrawn leaves no word behind, in no file, and does not come back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bundles.formats.open import write
from bundles.model import Documents
from extract.model import Found
from storage import decisions, forgetting, freezes, freezing
from storage.copying import copy
from storage.decisions import Who, Word
from storage.errors import Busy, Withdrawn
from storage.figures import changes, skips
from storage.filters import Filters
from storage.forgetting import Gone
from storage.politeness import hosts
from storage.reading import find, whole
from storage.search import search
from storage.store import Store
from storage.verify import verify
from tests.leftovers import places_of
from tests.making import NOON, Scene, a_source

WHO = Who(by="Anne", at="2026-03-02T10:00:00Z")
NAME = "quasimodeau"
SECRET = "Madame Zygomatine Quasimodeau habite impasse des Lilas."
WORDS = ("zygomatine", NAME, "lilas")


@pytest.fixture
def scene(place: str) -> Iterator[Scene]:
    """A corpus of three documents, one of which speaks of a person: in its address, its title and two versions."""
    made = Scene(place)
    with made.store:
        made.open_run()
        made.give("pont", "Le pont.")
        made.read(made.fetch(NAME, SECRET.encode(), **listed()), f"Séance. {SECRET}", title=titled())
        made.give("port", "Le port de pêche.")
        made.close_run()
        made.open_run()
        made.read(made.fetch(NAME, b"more", **listed()), f"Séance corrigée. {SECRET}", title=titled())
        made.close_run()
        yield made


def listed() -> dict[str, Any]:
    """Return what a listing said of the document."""
    hints = {"link_text": f"Dossier {NAME}", "context": SECRET}
    return {"hints": hints, "headers": {"content-disposition": f"attachment; filename={NAME}.pdf"}}


def titled() -> Found:
    """Return a title with the name."""
    return Found(value=f"Dossier {NAME}", found_in="heading", quote=SECRET)


def identity_of(scene: Scene, name: str) -> str:
    """Return the id of a document."""
    with scene.store.reading() as connection:
        return find(connection, f"http://127.0.0.1:9/{name}")


def forget(scene: Scene, name: str, *, copies: bool = False, dry_run: bool = False) -> Gone:
    """Withdraw a document and sweep."""
    identity = identity_of(scene, name)
    gone = scene.store.withdraw(
        lambda connection: forgetting.forget(connection, identity, "opposition", WHO, copies=copies), dry_run
    )
    assert scene.store.sweep()
    return gone


def curate(scene: Scene, identity: str) -> None:
    """Give a document a note, a tag and a corrected title, all with the name."""
    words = [
        Word(document_id=identity, field="note", value=f"appeler {NAME}"),
        Word(document_id=identity, field=f"tag:{NAME}", value="yes"),
        Word(document_id=identity, field="title", value=f"Le dossier de {NAME}", because=SECRET),
    ]
    scene.store.writer.write(lambda connection: decisions.decide(connection, words, WHO))


def freeze(scene: Scene, name: str = "these") -> str:
    """Freeze everything and return the hash."""
    software = {"minutier": "1", "extractor": "1", "vocabulary": "1"}
    plan = freezes.Plan(name=name, filters=Filters(), software=software, registry={})
    made = freezing.freeze(scene.store, plan, WHO)
    assert made
    return str(made["sha256"])


def test_no_word_of_it_is_found_in_any_file_or_row(scene: Scene) -> None:
    """Its name stood in texts, titles, quotes, hints, headers, decisions, freezes, addresses, index and bytes."""
    identity = identity_of(scene, NAME)
    curate(scene, identity)
    freeze(scene)
    assert len(places_of(scene.store, *WORDS)) > 8
    gone = forget(scene, NAME)
    assert (gone.documents, gone.versions, gone.blobs, gone.texts, gone.same) == ([identity], 2, 2, 2, {})
    assert places_of(scene.store, *WORDS) == []
    assert verify(scene.store).faults == ()
    with scene.store.reading() as connection:
        assert search(connection, "zygomatine", Filters())["total"] == 0
        assert search(connection, "port", Filters())["total"] == 1


def test_a_tombstone_says_when_who_and_why(scene: Scene) -> None:
    """Asked for by id, its beginning or its address, it is named as withdrawn; the feed keeps its dates."""
    identity = identity_of(scene, NAME)
    forget(scene, NAME)
    for wanted in (identity, identity[:6], f"http://127.0.0.1:9/{NAME}"):
        with scene.store.reading() as connection, pytest.raises(Withdrawn, match=r"2026-03-02 by Anne \(opposition\)"):
            find(connection, wanted)
    with scene.store.reading() as connection:
        feed = [each for each in changes(connection, since=0) if each["id"] == identity]
    assert [each["fact"] for each in feed] == ["stored", "updated", "withdrawn"]
    assert [each["detail"] for each in feed] == [{}, {}, {"reason": "opposition", "by": "Anne"}]
    assert {each["address"] for each in feed} == {None}


def test_it_is_not_kept_when_it_comes_again(scene: Scene) -> None:
    """Its address, its bytes under another address, and a redirect to it are skipped; nothing of them is written."""
    forget(scene, NAME)
    scene.open_run()
    scene.fetch(NAME, SECRET.encode(), **listed())
    scene.fetch("elsewhere", SECRET.encode())
    scene.fetch("asked", b"other", document_address=f"http://127.0.0.1:9/{NAME}")
    scene.give("new", "Un nouveau texte.")
    scene.close_run()
    assert scene.figures()["skipped"] == 3 and scene.figures()["stored"] == 1 and scene.figures()["seen"] == 4
    with scene.store.reading() as connection:
        told = skips(connection, source="", reason="withdrawn")
    assert len(told) == 3 and all("Withdrawn on 2026-03-02" in each["detail"] for each in told)
    assert places_of(scene.store, *WORDS) == []
    assert verify(scene.store).faults == ()
    scene.open_run()
    scene.fetch("elsewhere", b"by now something else")
    assert scene.rows("SELECT count(*) FROM capture WHERE waiting") == [(0,)], "the new address is remembered too"


def test_what_another_process_withdraws_meanwhile_is_swept(scene: Scene, place: str) -> None:
    """A crawl that began before writes the bytes and then hears of it: they go at the end of its command."""
    scene.open_run(a_source(id="other"))
    scene.give("new", "Un nouveau texte.")
    with Store.create(place, now=NOON, version="test") as second:
        identity = identity_of(scene, NAME)
        second.withdraw(lambda each: forgetting.forget(each, identity, "opposition", WHO, copies=False))
    scene.fetch("elsewhere", SECRET.encode())
    assert scene.figures()["skipped"] == 1
    assert places_of(scene.store, "zygomatine") != []
    assert scene.store.sweep()
    assert places_of(scene.store, "zygomatine") == []


def test_bytes_that_another_document_has_are_named_and_copies_go_with_it(scene: Scene) -> None:
    """Without --copies the other one stays and is named; with it, all that say the same are withdrawn."""
    scene.open_run()
    scene.read(scene.fetch("copy", b"more"), f"Séance corrigée. {SECRET}")
    scene.read(scene.fetch("reset", b"other bytes"), f"Séance corrigée. {SECRET}")
    scene.close_run()
    copy_id, reset_id = identity_of(scene, "copy"), identity_of(scene, "reset")
    looked = forget(scene, NAME, copies=True, dry_run=True)
    assert sorted(looked.documents[1:]) == sorted([copy_id, reset_id]) and looked.same == {}
    gone = forget(scene, NAME)
    assert gone.same == {copy_id: "the same bytes", reset_id: "the same text"}
    with scene.store.reading() as connection:
        assert whole(connection, copy_id)["lead"] is None, "the copy leads now"
        assert whole(connection, reset_id)["lead"] == copy_id
    assert verify(scene.store).faults == ()
    forget(scene, "copy", copies=True)
    assert scene.rows("SELECT count(*) FROM document") == [(2,)]
    assert places_of(scene.store, "zygomatine") == []


def test_a_dry_run_changes_nothing(scene: Scene) -> None:
    """It tells the same figures as the withdrawal itself."""
    looked = forget(scene, NAME, dry_run=True)
    assert scene.rows("SELECT count(*) FROM withdrawal") == [(0,)]
    assert verify(scene.store).faults == ()
    assert forget(scene, NAME) == looked


def test_a_freeze_keeps_its_hash_and_says_what_is_missing(scene: Scene, tmp_path: Path) -> None:
    """The others are written; of the withdrawn one the freeze has the id and the hashes."""
    digest, identity = freeze(scene), identity_of(scene, NAME)
    gone = forget(scene, NAME)
    assert gone.freezes == ["these"]
    documents = Documents(store=scene.store, freeze="these")
    assert documents.chosen.withdrawn == (identity,) and len(documents) == 2
    write(documents, tmp_path / "out")
    with scene.store.reading() as connection:
        (entry,) = [each for each in freezes.entries(connection, "these") if each["document_id"] == identity]
        assert freezes.one(connection, "these").sha256 == digest
    assert entry["shown"]["id"] == identity and entry["shown"]["title"] == entry["shown"]["date"] == ""


def test_requests_stay_in_the_account_of_politeness(scene: Scene) -> None:
    """How often the host was asked is not forgotten, only what for."""
    with scene.store.reading() as connection:
        (before,) = hosts(connection)
    forget(scene, NAME)
    with scene.store.reading() as connection:
        (after,) = hosts(connection)
    assert (after.name, sum(after.roles.values()), after.statuses) == (before.name, 4, before.statuses)


def test_a_run_at_work_on_its_source_comes_first(scene: Scene) -> None:
    """While a process crawls the source nothing is withdrawn: it could bring the document back."""
    scene.open_run()
    with pytest.raises(Busy, match="town"):
        forget(scene, NAME)
    scene.close_run()
    forget(scene, NAME)


def test_a_withdrawal_that_was_cut_short_is_finished_by_the_next_command(scene: Scene, place: str) -> None:
    """Killed before the bytes are removed: `verify` says so, a copy has none of it, the next opening removes them."""
    identity = identity_of(scene, NAME)
    scene.store.withdraw(lambda each: forgetting.forget(each, identity, "opposition", WHO, copies=False))
    assert [fault.partition(" (")[0] for fault in verify(scene.store).faults] == ["A withdrawal was cut short"]
    assert places_of(scene.store, "zygomatine") != []
    Store.create(place, now=NOON, version="test").__exit__(None, None, None)
    assert places_of(scene.store, *WORDS) == []
    assert verify(scene.store).faults == ()


def test_a_copy_of_the_corpus_refuses_it_too(scene: Scene, tmp_path: Path) -> None:
    """Tombstones are copied, even from a corpus where bytes are still to be removed."""
    identity = identity_of(scene, NAME)
    scene.store.withdraw(lambda each: forgetting.forget(each, identity, "opposition", WHO, copies=False))
    copy(scene.store, tmp_path / "there")
    again = Scene(tmp_path / "there")
    again.now, again._ids = scene.now, scene._ids
    with again.store:
        assert places_of(again.store, *WORDS) == []
        again.open_run()
        again.fetch(NAME, SECRET.encode())
        again.fetch("elsewhere", SECRET.encode())
        again.close_run()
        assert again.figures()["skipped"] == 2
        assert places_of(again.store, *WORDS) == []


def test_what_is_withdrawn_while_it_is_read_is_not_saved(scene: Scene) -> None:
    """An extraction that ends after the withdrawal finds no capture to save into."""
    seq = scene.rows("SELECT max(seq) FROM capture")[0][0]
    forget(scene, NAME)
    assert scene.read(seq, SECRET).state == "withdrawn"
    assert places_of(scene.store, "zygomatine") == []
