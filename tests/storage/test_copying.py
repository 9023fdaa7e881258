"""A corpus is copied whole: every row, every byte, and an index that answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from storage.copying import copy, tables
from storage.errors import WrongUse
from storage.filters import Filters
from storage.search import search
from storage.store import Store
from storage.verify import verify
from tests.making import NOON, Scene


def a_corpus(folder: Path) -> Scene:
    """Return a made-up corpus with two documents that say the same, a second version, and a change feed."""
    scene = Scene(folder)
    scene.open_run()
    scene.give("a", "Le jumelage avec Chengdu.")
    scene.give("b", "Le jumelage avec Chengdu.")
    scene.close_run()
    scene.open_run()
    scene.give("a", "Le jumelage avec Chengdu est renouvelé.")
    scene.give("b", "Le jumelage avec Chengdu.")
    scene.close_run()
    return scene


def contents(store: Store) -> dict[str, list[str]]:
    """Return every row of a corpus, but for which analyser made its index."""
    with store.reading() as connection:
        return {
            table.name: sorted(
                json.dumps(
                    dict(row) | ({"terms_version": ""} if table.name == "corpus" else {}),
                    sort_keys=True,
                    default=bytes.hex,
                )
                for row in connection.execute(table.select()).mappings()
            )
            for table in tables()
        }


def test_every_row_and_byte_is_taken_over(tmp_path: Path) -> None:
    """The copy holds the same rows, verifies clean, finds the same, and numbers new rows after the old ones."""
    scene = a_corpus(tmp_path / "here")
    copied = copy(scene.store, tmp_path / "there")
    with Store.create(tmp_path / "there", now=NOON, version="test") as made:
        assert contents(made) == contents(scene.store)
        assert copied.rows["document"] == 2 and copied.rows["version"] == 3
        assert verify(made).faults == ()
        for store in (scene.store, made):
            with store.reading() as connection:
                assert search(connection, "renouvelé", Filters())["total"] == 1
    again = Scene(tmp_path / "there")
    again.now, again._ids = scene.now, scene._ids
    again.open_run()
    assert again.give("c", "Un autre texte.").state == "stored"


def test_a_corpus_is_never_copied_over_another(tmp_path: Path) -> None:
    """An existing target is refused, and stays as it was."""
    scene = a_corpus(tmp_path / "here")
    Store.create(tmp_path / "there", now=NOON, version="test").__exit__(None, None, None)
    before = (tmp_path / "there" / "corpus.db").read_bytes()
    with pytest.raises(WrongUse, match="already"):
        copy(scene.store, tmp_path / "there")
    assert (tmp_path / "there" / "corpus.db").read_bytes() == before
