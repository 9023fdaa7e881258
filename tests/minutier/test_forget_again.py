"""A pack, a backup and a copy from before a withdrawal lose what was withdrawn since, by command, and for good."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from storage.store import Store
from tests.leftovers import places_of
from tests.minutier.test_forget import SECRET, WORDS, ids, imported, left, made, pdf, place
from tests.saying import Say, say

__all__ = ["made", "say"]


@pytest.fixture
def corpus(made: Path, tmp_path: Path, say: Say) -> Path:
    """The folder of the imported files; beside it a pack and a backup made before anything was withdrawn."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    assert say("pack", "before.zip").code == 0
    assert say("backup", "saved").code == 0
    named = ids(say)
    assert say("forget", named["avis.pdf"], "--reason", "opposition", "--by", "Anne").code == 0
    masked = say("forget", "--redact", place(say, named["pv.pdf"], SECRET), "--reason", "vie privée", "--by", "Bo")
    assert masked.code == 0
    return tmp_path / "in"


def said_in(folder: Path) -> list[str]:
    """Return where words of the secret stand in a corpus, PDFs decoded."""
    with Store.open(folder) as store:
        return places_of(store, *WORDS)


def test_a_pack_is_restored_without_it_and_an_import_brings_nothing_back(
    say: Say, corpus: Path, tmp_path: Path
) -> None:
    """Named with --withdrawals-of: found nowhere, clean, under the same tombstones; the same files are refused."""
    done = say("restore", "before.zip", "there/corpus", "--withdrawals-of", "corpus", "--corpus", "nowhere")
    assert (done.code, "1 documents withdrawn, a passage masked in 1 documents" in done.out) == (0, True), done.err
    assert "all as it was captured" in done.err and "forget --as-in" not in done.err
    assert said_in(tmp_path / "there" / "corpus") == []
    shutil.move(corpus, tmp_path / "there" / "in")
    imported(tmp_path / "there" / "in")
    assert left(tmp_path / "there") == []
    assert say("verify", "--corpus", "there/corpus").code == 0
    hits = say("search", "", "--json", "--all-copies", "--corpus", "there/corpus").json["hits"]
    assert sorted(hit["url"].rpartition("/")[2] for hit in hits) == ["pont.pdf", "pv.pdf"]
    told = say("forget", "--as-in", "corpus", "--corpus", "there/corpus", "--json")
    assert (told.code, told.json["documents"], told.json["tombstones"]) == (0, [], 0)


def test_the_living_corpus_that_was_packed_is_asked_unasked(say: Say, corpus: Path, tmp_path: Path) -> None:
    """Beside it nothing comes back by a plain restore; elsewhere one sentence says what to do."""
    done = say("restore", "before.zip", "beside")
    assert (done.code, "As in corpus: 1 documents withdrawn" in done.out) == (0, True)
    assert said_in(tmp_path / "beside") == []
    done = say("restore", "before.zip", "apart", "--corpus", "nowhere", "--json")
    assert (done.code, done.json["withdrawn"]) == (0, None)
    assert "`minutier forget --as-in CORPUS --corpus apart`" in done.err
    assert said_in(tmp_path / "apart") != []
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.txt").write_text("Un autre corpus.", encoding="utf-8")
    (tmp_path / "else").mkdir()
    shutil.move(tmp_path / "other", tmp_path / "else" / "in")
    imported(tmp_path / "else" / "in")
    done = say("restore", "before.zip", "stranger", "--corpus", "else/corpus")
    assert (done.code, "forget --as-in" in done.err) == (0, True)


def test_a_backup_that_was_put_in_place_loses_it_too(say: Say, corpus: Path, tmp_path: Path) -> None:
    """`forget --as-in` tells first, then does it; the backup is a corpus in which it was never withdrawn by hand."""
    looked = say("forget", "--as-in", "corpus", "--corpus", "saved", "--dry-run")
    assert (looked.code, "1 documents would be withdrawn" in looked.out) == (0, True)
    assert said_in(tmp_path / "saved") != []
    assert say("forget", "--as-in", "corpus", "--corpus", "saved").code == 0
    assert said_in(tmp_path / "saved") == []
    assert say("verify", "--corpus", "saved").code == 0
    for wanted in ("--reason", "--by"):
        refused = say("forget", "--as-in", "corpus", "--corpus", "saved", wanted, "x")
        assert (refused.code, len(refused.err.strip().splitlines())) == (2, 1)
    assert say("forget", "--as-in", "nowhere", "--corpus", "saved").code == 2
    assert say("restore", "before.zip", "again", "--withdrawals-of", "nowhere").code == 2
    assert not (tmp_path / "again").exists()


def test_a_text_to_be_looked_at_ends_with_1(say: Say, corpus: Path, tmp_path: Path) -> None:
    """Where the older text does not say the masked words, the restored document is named and the exit code is 1."""
    (corpus / "pont.pdf").write_bytes(pdf("Note sur le pont.\nSignée par Ursuline Bartavelle, riveraine."))
    imported(corpus)
    identity = ids(say)["pont.pdf"]
    say("forget", "--redact", place(say, identity, "Ursuline Bartavelle"), "--reason", "x", "--by", "Anne")
    done = say("restore", "before.zip", "there")
    assert (done.code, f"{identity} has a passage withdrawn" in done.err) == (1, True), done.out + done.err
    assert "suspect" in say("show", identity, "--corpus", "there").out
