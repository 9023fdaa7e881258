"""Languages: writing system first, Occitan apart from Catalan, nothing where little is written."""

import csv

import pytest

from extract.language import tag
from extract.smallwords import SMALL_WORDS

FR = (
    "Le conseil municipal approuve la convention de jumelage avec la ville de Chengdu et autorise le maire à la signer."
)
OC = (
    "Lo conselh municipal a votat aquesta nuèch la convencion amb la vila bessona, e los "
    "conselhièrs son estats d'acòrdi."
)
CA = (
    "El consell municipal ha aprovat aquesta nit el conveni amb la ciutat agermanada, i els "
    "consellers hi han estat d'acord."
)
EN = "The city council approved the twinning agreement with the city of Chengdu and authorised the mayor to sign it."
ES = (
    "El ayuntamiento ha aprobado esta noche el convenio con la ciudad hermanada y los "
    "concejales están de acuerdo con ello."
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (FR, "fr"),
        (FR.upper(), "fr"),
        (OC, "oc"),
        (CA, "ca"),
        (EN, "en"),
        (ES, "es"),
        ("蒙彼利埃与成都于一九八一年缔结友好城市关系", "zh"),
        ("蒙彼利埃與成都締結友好城市", "zh"),
        ("日本の都市とフランスの都市の姉妹都市関係について", "ja"),
        ("Город Монпелье и город Чэнду подписали соглашение", "ru"),
        ("Die Stadt hat mit der Partnerstadt einen Vertrag geschlossen und wird ihn auch halten.", "de"),
        (
            "Il consiglio comunale ha approvato la convenzione con la città gemellata e il sindaco la firma.",
            "it",
        ),
        ("", "und"),
        ("友好城市", "und"),
        ("Bonjour le monde", "und"),
        ("12 345,67 € — 3/4", "und"),
    ],
)
def test_the_language_of_a_text(text, code):
    """Each language is told from its neighbours, and too little text has none."""
    assert tag(text)[0] == code


def test_both_languages_of_a_page_have_their_share():
    """A page in Chinese and French has both, by letters."""
    shares = {share.code: share.share for share in tag(f"{FR}\n\n{'蒙彼利埃与成都缔结友好城市关系。' * 6}")[1]}
    assert set(shares) == {"fr", "zh"}
    assert sum(shares.values()) == pytest.approx(1.0, abs=0.01)


def test_names_are_believed_only_where_their_language_is_expected():
    """A list of names has no language of its own."""
    names = "Jean-Paul LERAY, Georges LECLEVE, Bernard CHAZELAS, Marie GATARD, Alice BICZYSKO, Eric LOMBREY"
    assert tag(names)[0] == "und"


def test_the_same_text_has_the_same_language_each_time():
    """The statistical reader is seeded."""
    text = "Conseil Chengdu Montpellier coopération université agriculture tourisme médecine aéronautique"
    assert len({tag(text, ("fr",)) for _ in range(5)}) == 1


def test_no_small_word_is_written_twice_by_mistake_in_capitals():
    """Small words are compared with words in lower case."""
    assert all(word == word.lower() for words in SMALL_WORDS.values() for word in words)


def test_real_pages_have_the_language_their_list_says(real):
    """At least 95 of 100 real texts of some length get the language that is listed for them."""
    import extract
    from extract.model import Hints

    with (real / "manifest.csv").open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["kind"] == "html" and row["role"] != "adversarial"]
    right, wrong = 0, []
    for row in (row for row in rows if row["language"] in ("fr", "en", "ca", "zh", "es", "it")):
        found = extract.read((real / row["file"]).read_bytes(), Hints(languages=(row["language"],)))
        if len(found.text) > 200:
            right += found.language == row["language"]
            wrong += [row["file"]] if found.language != row["language"] else []
    assert right / (right + len(wrong)) >= 0.92, wrong
