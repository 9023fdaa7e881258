"""Relations as documents arrive: what is found, what hides copies, what is taken back. All texts are synthetic."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from extract.model import Act, Found, FoundDate
from storage import traces
from storage.filters import Filters
from storage.relating import relations
from tests.making import Scene, a_source

DAY = "2024-05-27"
WORDS = [a + b for a in ("ba", "co", "di", "fu", "la", "mo") for b in ("ran", "tel", "vis", "nor", "pil", "dec", "sut")]


@pytest.fixture
def scene(place: str) -> Iterator[Scene]:
    """A corpus with a run going on."""
    made = Scene(place)
    with made.store:
        made.open_run()
        yield made


def prose(seed: int, length: int = 200) -> str:
    """Return words drawn by a seed: texts of different seeds have next to no three words in common."""
    return " ".join(random.Random(seed).choices(WORDS, k=length))


def edited(text: str, share: float) -> str:
    """Return a text with a share of its words changed."""
    words = text.split()
    for place in random.Random(1).sample(range(len(words)), int(share * len(words))):
        words[place] = "autre"
    return " ".join(words)


def dated(value: str = DAY, role: Any = "session") -> tuple[FoundDate, ...]:
    """Return a date found on a paper."""
    return (FoundDate(role=role, value=value, precision="day", found_in="heading"),)


def found(kind: str) -> Found:
    """Return an act_type as an extraction gives it."""
    return Found(value=kind, found_in="heading")


def act(number: str, start: int, end: int, **values: Any) -> Act:
    """Return an act of a paper."""
    return Act(**({"number": number, "key": number, "title": "Un objet", "start": start, "end": end} | values))


def types(scene: Scene) -> set[tuple[str, str, str]]:
    """Return the relations: type, and the names of the two documents."""
    names = {
        identity: address.rpartition("/")[2] for identity, address in scene.rows("SELECT id, address FROM document")
    }
    rows = scene.rows("SELECT type, document_id, other_id FROM relation")
    return {(kind, names[one], names[other]) for kind, one, other in rows}


def test_near_texts_are_related_and_both_shown(scene: Scene) -> None:
    """A draft and its final text with 3 % of words changed are near, with their likeness; neither hides the other."""
    scene.give("draft", prose(1))
    saved = scene.give("final", edited(prose(1), 0.03))
    scene.give("another", prose(2))
    assert types(scene) == {("near", "final", "draft")}
    [(similarity, how)] = scene.rows("SELECT similarity, how FROM relation")
    assert 0.75 <= similarity < 1
    assert how
    assert saved.state == "stored"
    assert scene.rows("SELECT count(*) FROM document WHERE lead_id IS NOT NULL") == [(0,)]


def test_short_texts_are_not_near(scene: Scene) -> None:
    """A form of a few words with another name in it is another paper."""
    scene.give("a", prose(1, 25) + " un")
    scene.give("b", prose(1, 25) + " deux")
    assert types(scene) == set()


def test_blank_scans_do_not_say_the_same(scene: Scene) -> None:
    """Two scans without OCR have only line ends as text: that hides neither (a scan once hid nine others)."""
    scene.give("a", "\n\n\n", verdict="scanned")
    assert scene.read(scene.fetch("b", b"other bytes"), "\n\n\n", verdict="scanned").state == "stored"
    assert types(scene) == set()


def test_a_changed_text_takes_its_relations_back(scene: Scene) -> None:
    """After a good run shows another text of a document, what it was near to is no longer."""
    scene.give("a", prose(1))
    scene.give("b", edited(prose(1), 0.03))
    scene.close_run()
    scene.open_run()
    scene.give("b", prose(3))
    assert types(scene) == {("near", "b", "a")}
    scene.give("a", prose(1))
    scene.close_run()
    assert types(scene) == set()


def test_the_same_meeting_in_two_formats(scene: Scene) -> None:
    """An agenda and minutes of one séance share words; minutes of another séance do not join them."""
    agenda, minutes = prose(4, 60), prose(5) + " " + prose(4, 60)
    scene.give("agenda", agenda, act_type=found("convocation"), dates=dated())
    scene.give("minutes", minutes, act_type=found("pv"), dates=dated())
    scene.give("other-day", prose(6) + prose(4, 60), act_type=found("pv"), dates=dated("2024-06-24"))
    assert types(scene) == {("same_act", "minutes", "agenda")}


def test_a_scan_without_text_is_related_by_its_seance_alone(scene: Scene) -> None:
    """Where one paper has no text yet, the day and the kind are what there is, and the relation says so."""
    scene.give("minutes", prose(5), act_type=found("pv"), dates=dated())
    scene.read(scene.fetch("scan", b"x"), "", act_type=found("convocation"), dates=dated(), verdict="scanned")
    assert types(scene) == {("same_act", "scan", "minutes")}
    assert "no text" in scene.rows("SELECT how FROM relation")[0][0]


def test_two_bodies_on_one_day_are_two_seances(scene: Scene) -> None:
    """The council and its standing committee may meet on one day and say much in the same words."""
    scene.give("council", "Conseil départemental. " + prose(7), act_type=found("pv"), dates=dated())
    words = "Commission permanente. " + edited(prose(7), 0.3)
    scene.give("committee", words, act_type=found("pv"), dates=dated())
    assert types(scene) == set()


def test_publishers_are_kept_apart(scene: Scene) -> None:
    """Two towns that number alike on one day have two acts."""
    papers: dict[str, Any] = {"act_type": found("deliberation"), "dates": dated(), "acts": (act("2024-031", 0, 9),)}
    scene.give("here", prose(8), **papers)
    scene.close_run()
    scene.open_run(a_source(id="elsewhere"))
    scene.give("there", prose(9), **papers)
    assert types(scene) == set()


def test_a_deliberation_its_list_and_its_minutes(scene: Scene) -> None:
    """The number with the séance makes the same act; the minutes contain the text of the deliberation."""
    deliberation, before = prose(10), prose(11)
    whole = f"{before} {deliberation}"
    passage = act("2024-031", len(before) + 1, len(whole))
    scene.give(
        "deliberation", deliberation, act_type=found("deliberation"), dates=dated(), acts=(act("2024-031", 0, 9),)
    )
    scene.give("pv", whole, act_type=found("pv"), dates=dated(), acts=(act("2024-030", 0, 9), passage))
    scene.give(
        "list", prose(12, 40), act_type=found("liste_deliberations"), dates=dated(), acts=(act("2024-031", 0, 9),)
    )
    assert types(scene) == {
        ("same_act", "pv", "deliberation"),
        ("contains", "pv", "deliberation"),
        ("same_act", "list", "deliberation"),
        ("same_act", "list", "pv"),
    }


@pytest.mark.parametrize(
    ("titles", "same"), [(("Budget annexe", "Budget annexe"), True), (("Budget", "Voirie"), False)]
)
def test_a_bare_rank_needs_the_same_object(scene: Scene, titles: tuple[str, str], same: bool) -> None:
    """`3` counts one thing on one paper and another on the next: only with the same object is it one act."""
    for name, title, kind in zip("ab", titles, ("deliberation", "pv"), strict=True):
        acts = (act("3", 0, 9, title=title), act("4", 9, 12, title="Autre"))[: 1 if kind == "deliberation" else 2]
        scene.give(name, prose(ord(name)), act_type=found(kind), dates=dated(), acts=acts)
    assert types(scene) == ({("same_act", "b", "a")} if same else set())


def test_the_same_number_on_another_day_is_another_act(scene: Scene) -> None:
    """Numbers begin again at each séance: never the number alone."""
    for name, day in (("a", DAY), ("b", "2024-06-24")):
        acts = (act("12-A", 0, 9),)
        scene.give(name, prose(ord(name)), act_type=found("deliberation"), dates=dated(day), acts=acts)
    assert types(scene) == set()


def test_the_stamp_of_the_transmission_is_enough(scene: Scene) -> None:
    """The ACTES identifier joins two papers whatever else is known of them."""
    stamp = "031-213100001-20240527-2024_031-DE"
    for name in "ab":
        scene.give(name, prose(ord(name)), dates=(), acts=(act("", 0, 9, key="#1", stamp=stamp),))
    assert types(scene) == {("same_act", "b", "a")}
    assert stamp in scene.rows("SELECT how FROM relation")[0][0]


FRENCH = "Le 12 mai, Chengdu et Montville signent. Avec Lyon et Nantes : 48 arbres, 1 250 euros, 37 élèves, 16 salles."
ENGLISH = "Signed by Chengdu and Montville. With Lyon and Nantes: 48 trees, 1,250 euros, 37 pupils, 16 rooms in all."


@pytest.mark.parametrize(
    ("other", "language", "day", "same"),
    [
        (ENGLISH, "en", DAY, True),
        (ENGLISH, "fr", DAY, False),
        (ENGLISH, "und", DAY, False),
        (ENGLISH, "en", "2024-05-28", False),
        (ENGLISH.replace("37", "38").replace("16", "19"), "en", DAY, False),
        (f"{ENGLISH} {prose(1)}", "en", DAY, False),
        ("成都签署协议。共有48棵树、1250欧元、37名学生、16个教室，双方将继续友好合作，共同发展。", "zh", DAY, True),
    ],
)
def test_a_translation_is_alike_in_its_numbers(scene: Scene, other: str, language: str, day: str, same: bool) -> None:
    """Another language, the same day, the same numbers and a like length: all of it, or no translation."""
    scene.give("fr", FRENCH.replace("12 mai", "jour"), dates=dated(role="published"))
    scene.give("other", other, language=language, dates=dated(day, "published"))
    assert types(scene) == ({("translation", "other", "fr")} if same else set())


def test_what_too_many_share_is_not_looked_up(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Boilerplate stops being compared, those found before too; once it is rare again, it is compared again."""
    monkeypatch.setitem(traces.CAP, "band", 3)
    for points, name in enumerate("abc"):
        scene.give(name, prose(1) + "." * points)
    assert len(types(scene)) == 3
    scene.give("d", prose(1) + "!")
    assert types(scene) == set()
    scene.close_run()
    scene.open_run()
    scene.give("d", prose(2))
    scene.close_run()
    assert len(types(scene)) == 3


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_reading_changes_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Whatever is read first, and found again from nothing, the relations are the same, the likeness too."""
    monkeypatch.setitem(traces.CAP, "band", 3)
    acts = (act("2024-031", 0, 9),)
    papers: list[tuple[str, dict[str, Any]]] = [
        (prose(1), {}),
        (edited(prose(1), 0.03), {}),
        (prose(1), {}),
        *((prose(2) + "." * n, {}) for n in range(4)),
        (prose(10), {"act_type": found("deliberation"), "acts": acts}),
        (prose(11) + " " + prose(10), {"act_type": found("pv"), "acts": acts}),
        (prose(11, 60), {"act_type": found("convocation")}),
    ]
    seqs = [scene.fetch(f"d{n}", f"bytes {n}".encode()) for n in range(len(papers))]
    order = random.Random(seed).sample(range(len(papers)), len(papers))
    for place in order:
        scene.read(seqs[place], papers[place][0], **papers[place][1])
    expected = {
        ("same_text", "d2", "d0"),
        ("near", "d1", "d0"),
        ("same_act", "d8", "d7"),
        ("contains", "d8", "d7"),
        ("same_act", "d9", "d8"),
    }
    assert types(scene) == expected
    with scene.store.reading() as connection:
        before = relations(connection)
    scene.store.relate_again(Filters())
    with scene.store.reading() as connection:
        assert relations(connection) == before
    scene.store.relate_again(Filters(kinds=("council_minutes",)))
    with scene.store.reading() as connection:
        assert relations(connection) == before


def on_a_form(number: int) -> str:
    """Return a decree: a form of 160 words in which ten are the decree's own, some of them shared by chance."""
    words, drawn = prose(20, 160).split(), random.Random(number)
    for place in random.Random(20).sample(range(160), 10):
        words[place] = f"nom{drawn.randrange(40)}"
    return " ".join(words)


def test_a_form_is_not_what_makes_two_papers_near(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty decrees on one form are not near each other; a decree and its draft still are. In any order."""
    monkeypatch.setitem(traces.CAP, "band", 6)
    texts = [on_a_form(number) for number in range(20)]
    texts.append(f"{texts[3]} signé")
    seqs = [scene.fetch(f"d{number}", f"bytes {number}".encode()) for number in range(len(texts))]
    for place in random.Random(5).sample(range(len(texts)), len(texts)):
        scene.read(seqs[place], texts[place], dates=())
    assert ("near", "d20", "d3") in types(scene)
    assert len(types(scene)) < 10
    with scene.store.reading() as connection:
        before = relations(connection)
    scene.store.relate_again(Filters())
    with scene.store.reading() as connection:
        assert relations(connection) == before


def test_more_copies_than_a_value_may_have_keep_their_lead(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies follow the first however common their text is, and a copy that is another paper by now leads again."""
    monkeypatch.setitem(traces.CAP, "band", 2)
    for name in "abcd":
        scene.read(scene.fetch(name, name.encode()), prose(1))
    assert types(scene) == {("same_text", name, "a") for name in "bcd"}
    scene.close_run()
    scene.open_run()
    scene.read(scene.fetch("a", b"new"), prose(2))
    scene.close_run()
    assert types(scene) == {("same_text", name, "b") for name in "cd"}
