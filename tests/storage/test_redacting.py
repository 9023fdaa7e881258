"""A passage that is masked stands nowhere any more, its bytes are withheld, and it does not come back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bundles.formats.open import write
from bundles.model import Documents
from extract.model import Act, Claim, Found, FoundDate, Margin, Mention, Record, Votes
from storage import decisions, freezes, freezing, redacting
from storage.decisions import Who, Word
from storage.errors import WrongUse
from storage.figures import changes
from storage.filters import Filters
from storage.forgetting import Gone
from storage.masking import MASK
from storage.reading import find, version_text, whole
from storage.redacting import Wanted
from storage.search import search
from storage.verify import verify
from tests.leftovers import places_of
from tests.making import Scene

WHO = Who(by="Anne", at="2026-03-02T10:00:00Z")
SECRET = "Zygomatine Quasimodeau, née le 3 mai 1951"
WORDS = ("zygomatine", "quasimodeau", "1951")
FIRST = f"Séance du 27 mai 2024.\nSecours à {SECRET}, voté à l'unanimité.\nLe pont est réparé."
SECOND = f"Séance du 27 mai 2024, corrigée.\nSecours à {SECRET.upper()} : voté.\nLe pont est réparé."


def findings(text: str) -> dict[str, Any]:
    """Return what a reader found in a text: all that can hold its words."""
    start, end = text.index("Secours"), text.index("\nLe pont")
    name = text.lower().index("zygomatine")
    votes = Votes(unanimous=True, result="adopted", quote=text[start + 11 : end])
    act = Act(
        number="", key="#1", title=text[start:end], start=start, end=end, rapporteur=(name, name + 5), votes=votes
    )
    return {
        "title": Found(value=f"Secours à {SECRET}", found_in="heading", quote=text[start:end]),
        "dates": (
            FoundDate(role="session", value="2024-05-27", precision="day", found_in="heading", quote=text[:22]),
            FoundDate(role="mentioned", value="1951-05-03", precision="day", found_in="text", quote=SECRET),
        ),
        "acts": (act,),
        "records": (Record(kind="scdl", key="7", claims=(Claim(name="DELIB_OBJET", value=SECRET, quote=SECRET),)),),
        "margins": (Margin(page=1, place="header", words=f"Dossier {SECRET}"),),
        "mentions": (
            Mention(term="place:x", start=name, end=name + 3),
            Mention(term="place:pont", start=end, end=end + 5),
        ),
        "speaks_of": "mention",
    }


@pytest.fixture
def scene(place: str) -> Iterator[Scene]:
    """A corpus in which two versions of a document hold a passage, each in its way; another document does not."""
    made = Scene(place)
    with made.store:
        made.open_run()
        made.give("port", "Le port de pêche.")
        give(made, FIRST)
        made.close_run()
        made.open_run()
        give(made, SECOND)
        made.close_run()
        yield made


def give(scene: Scene, text: str, name: str = "secours", body: bytes = b"") -> Any:
    """Capture a text and what was found in it, with what a listing said."""
    hints = {"link_text": f"Secours à {SECRET}", "context": SECRET, "languages": ["fr"]}
    return scene.read(scene.fetch(name, body or text.encode(), hints=hints), text, **findings(text))


def identity_of(scene: Scene, name: str = "secours") -> str:
    """Return the id of a document."""
    with scene.store.reading() as connection:
        return find(connection, f"http://127.0.0.1:9/{name}")


def shown(scene: Scene, name: str = "secours") -> dict[str, Any]:
    """Return a document, whole."""
    with scene.store.reading() as connection:
        return whole(connection, find(connection, f"http://127.0.0.1:9/{name}"))


def redact(scene: Scene, words: str = SECRET.upper(), name: str = "secours", salt: str = "salt") -> Gone:
    """Mask some words of the shown text of a document, and sweep."""
    start = shown(scene, name)["text"].index(words)
    wanted = Wanted(
        document_id=identity_of(scene, name), start=start, end=start + len(words), reason="opposition", salt=salt
    )
    gone = scene.store.withdraw(lambda connection: redacting.redact(connection, wanted, WHO))
    assert scene.store.sweep()
    return gone


def freeze(scene: Scene) -> str:
    """Freeze everything and return the hash."""
    software = {"minutier": "1", "extractor": "1", "vocabulary": "1"}
    plan = freezes.Plan(name="these", filters=Filters(), software=software, registry={})
    made = freezing.freeze(scene.store, plan, WHO)
    assert made
    return str(made["sha256"])


def test_the_words_are_found_in_no_file_and_no_row(scene: Scene) -> None:
    """They stood in both versions, titles, quotes, dates, votes, records, margins, hints, decisions and bytes."""
    identity = identity_of(scene)
    words = [
        Word(document_id=identity, field="note", value=f"voir {SECRET}"),
        Word(document_id=identity, field="tag:quasimodeau", value="yes"),
        Word(document_id=identity, field="title", value=f"Aide à {SECRET}", because=f"écrit {SECRET}"),
    ]
    scene.store.writer.write(lambda connection: decisions.decide(connection, words, WHO))
    freeze(scene)
    assert len(places_of(scene.store, *WORDS)) > 8
    gone = redact(scene)
    assert (gone.documents, gone.versions, gone.blobs, gone.same) == ([identity], 2, 2, {})
    assert places_of(scene.store, *WORDS) == []
    assert verify(scene.store).faults == ()
    with scene.store.reading() as connection:
        assert search(connection, "zygomatine", Filters())["total"] == 0
        assert search(connection, "pont", Filters())["total"] == 1


def test_everything_else_stays_where_it_was(scene: Scene) -> None:
    """Texts are as long as before, passages and acts stand where they stood, dates of other words stay."""
    before = shown(scene)
    redact(scene)
    after = shown(scene)
    assert len(after["text"]) == len(before["text"])
    assert after["text"] == SECOND.replace(SECRET.upper(), MASK * len(SECRET))
    assert [(each["start"], each["end"]) for each in after["passages"]] == [
        (each["start"], each["end"]) for each in before["passages"]
    ]
    assert (after["title"], after["date"], after["sha256"]) == (
        f"Secours à {MASK * 41}",
        "2024-05-27",
        before["sha256"],
    )
    assert [each["value"] for each in after["dates"]] == ["2024-05-27"]
    assert [each["term"] for each in after["mentions"]] == ["place:pont"]
    (act,) = after["acts"]
    assert (act["rapporteur"], act["votes"]["result"]) == (None, "adopted")
    assert act["title"] == f"Secours à {MASK * 41} : voté."
    with scene.store.reading() as connection:
        assert version_text(connection, after["id"], 1) == FIRST.replace(SECRET, MASK * len(SECRET))


def test_the_document_says_so(scene: Scene) -> None:
    """When, who and why, without the words; its bytes are withheld, and the feed has it."""
    redact(scene)
    document = shown(scene)
    (told,) = document["redactions"]
    assert (told["by"], told["reason"], document["withheld"]) == ("Anne", "opposition", True)
    with scene.store.reading() as connection:
        feed = [each["fact"] for each in changes(connection, since=0) if each["id"] == document["id"]]
    assert feed == ["stored", "updated", "redacted"]


def test_the_same_bytes_bring_nothing_back(scene: Scene) -> None:
    """At their own address they are unchanged, elsewhere they are not kept."""
    redact(scene)
    scene.open_run()
    hints = {"link_text": f"Secours à {SECRET}", "context": SECRET}
    scene.fetch("secours", SECOND.encode(), hints=hints)
    scene.fetch("elsewhere", SECOND.encode(), hints=hints)
    scene.close_run()
    assert (scene.figures()["unchanged"], scene.figures()["skipped"]) == (1, 1)
    assert places_of(scene.store, *WORDS) == []
    assert verify(scene.store).faults == ()


def test_changed_bytes_with_the_same_words_are_masked_again(scene: Scene) -> None:
    """Set anew, with the words over two lines: masked in text and facts, and these bytes are withheld too."""
    redact(scene)
    scene.open_run()
    text = SECOND.replace("QUASIMODEAU", "QUASI-\nMODEAU").replace("corrigée", "corrigée encore")
    assert give(scene, text).state == "updated"
    assert scene.close_run().outcome == "complete"
    assert scene.store.sweep()
    document = shown(scene)
    assert (document["version"], document["withheld"], document["quality"]["verdict"]) == (3, True, "good")
    assert "corrigée encore" in document["text"]
    assert places_of(scene.store, "zygomatine", "quasi", "modeau", "1951") == []
    assert verify(scene.store).faults == ()


def test_changed_bytes_in_other_words_are_flagged(scene: Scene) -> None:
    """Whether the passage went or was put otherwise only a person can tell: verdict, feed and run say so."""
    redact(scene)
    scene.open_run()
    scene.give("secours", "Séance du 27 mai 2024. Secours à une habitante.")
    judged = scene.close_run()
    document = shown(scene)
    assert (document["quality"]["verdict"], document["withheld"]) == ("suspect", False)
    assert "withdrawn" in document["quality"]["reasons"][-1]
    assert [alarm["check"] for alarm in judged.alarms] == ["redaction"]
    with scene.store.reading() as connection:
        assert [each["fact"] for each in changes(connection, since=0)][-2:] == ["unredacted", "updated"]


def test_copies_of_the_bytes_and_of_the_text_are_masked_with_it(scene: Scene) -> None:
    """Left in a copy it would still be in the corpus; who says the words in another text is named."""
    scene.open_run()
    give(scene, SECOND, "same-bytes")
    give(scene, SECOND, "same-text", b"other bytes")
    scene.give("other", f"Un autre texte sur {SECRET}.")
    scene.close_run()
    gone = redact(scene)
    assert sorted(gone.documents) == sorted(identity_of(scene, each) for each in ("secours", "same-bytes", "same-text"))
    assert gone.same == {identity_of(scene, "other"): "the words"}
    assert redact(scene, SECRET, "other", "pepper").same == {}
    assert places_of(scene.store, *WORDS) == []
    assert verify(scene.store).faults == ()


def test_a_freeze_is_exported_masked_and_names_it(scene: Scene, tmp_path: Path) -> None:
    """Its hash stays; the bundle has the masked text, no original, and no word of the passage."""
    digest = freeze(scene)
    redact(scene)
    redact(scene, "Le pont est réparé", salt="pepper")
    documents = Documents(store=scene.store, freeze="these")
    assert (documents.chosen.withdrawn, documents.chosen.redacted) == ((), (identity_of(scene),))
    report = write(documents, tmp_path / "out")
    assert [(each.what, each.why) for each in report.left_out] == [
        ("original", "bytes withheld: a passage was withdrawn")
    ]
    written = "".join(path.read_text("utf-8") for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert MASK in written and not any(word in written.lower() for word in (*WORDS, "réparé"))
    with scene.store.reading() as connection:
        assert freezes.one(connection, "these").sha256 == digest


def test_a_picture_that_nobody_read_is_withheld_with_it(scene: Scene) -> None:
    """Bytes of the same document without text may show the passage; those whose text does not say it stay."""
    for body, text in ((b"without the name", "Séance sans nom."), (b"a scan", ""), (b"the end", SECOND + "!")):
        scene.open_run()
        if "Secours" in text:
            give(scene, text, body=body)
        else:
            scene.read(scene.fetch("secours", body), text, verdict="good" if text else "scanned")
        scene.close_run()
    scene.open_run()
    scene.read(scene.fetch("the-scan", b"a scan"), "", verdict="scanned")
    scene.read(scene.fetch("another-scan", b"another"), "", verdict="scanned")
    scene.close_run()
    assert redact(scene).documents == [identity_of(scene), identity_of(scene, "the-scan")]
    assert (shown(scene, "the-scan")["withheld"], shown(scene, "another-scan")["withheld"]) == (True, False)
    left = {scene.store.blobs.read(digest) for digest in scene.store.blobs.digests()}
    assert left == {b"without the name", "Le port de pêche.".encode(), b"another"}


@pytest.mark.parametrize("span", [(0, 0), (5, 3), (0, 10_000), (-1, 4), (12, 13)])
def test_what_is_no_passage_is_refused(scene: Scene, span: tuple[int, int]) -> None:
    """Outside the text, the wrong way round, or too short to be found again: one sentence, nothing changed."""
    wanted = Wanted(document_id=identity_of(scene), start=span[0], end=span[1], reason="x", salt="salt")
    with pytest.raises(WrongUse):
        scene.store.withdraw(lambda connection: redacting.redact(connection, wanted, WHO))
    assert scene.rows("SELECT count(*) FROM withdrawal") == [(0,)]
