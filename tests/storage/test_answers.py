"""The captures behind a document's versions, and the redirects before an answer, in both kinds of database."""

from __future__ import annotations

from storage.answers import behind, redirects
from tests.making import Scene


def test_the_captures_behind_versions_stay_the_same(place: str) -> None:
    """Up to a version, its captures are those of its texts: neither answers that changed nothing nor later ones."""
    scene = Scene(place)
    with scene.store:
        for text in ("first", "first", "second", "third"):
            scene.open_run()
            saved = scene.give("page", text)
            scene.close_run()
        with scene.store.reading() as connection:
            found = [behind(connection, saved.document_id, number) for number in (1, 2, 3)]
        bodies = [[scene.store.blobs.read(each.blob_sha256) for each in captures] for captures in found]
    assert bodies == [[b"first"], [b"first", b"second"], [b"first", b"second", b"third"]]


def test_redirects_are_those_of_one_answer(place: str) -> None:
    """The chain before an answer comes in order; that of another moment, or of another address, is not in it."""
    scene = Scene(place)
    chain = (("http://127.0.0.1:9/a", 301, "http://127.0.0.1:9/b"), ("http://127.0.0.1:9/b", 302, "/c"))
    other = (("http://127.0.0.1:9/y", 301, "http://127.0.0.1:9/z"),)
    with scene.store:
        for text in ("first", "second"):
            scene.open_run()
            page = scene.read(scene.fetch("c", text.encode(), redirects=chain), text)
            elsewhere = scene.read(scene.fetch("z", f"z {text}".encode(), redirects=other), f"z {text}")
            scene.close_run()
        with scene.store.reading() as connection:
            answers = [each for saved in (page, elsewhere) for each in behind(connection, saved.document_id, 2)]
            chains = [redirects(connection, answer) for answer in answers]
    found = [[(each.url, each.status, each.headers["location"]) for each in one] for one in chains]
    assert found == [list(chain), list(chain), list(other), list(other)]
