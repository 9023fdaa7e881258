"""Languages: writing system first, Occitan apart from Catalan, nothing where little is written."""

import csv
from itertools import pairwise

import pytest

from extract.languages import latin, tag
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


def test_both_languages_of_a_page_have_their_share_and_place():
    """A page in Chinese and French has both, by letters, and says where each stands."""
    chinese = "蒙彼利埃与成都缔结友好城市关系。" * 6
    language, found = tag(f"{FR}\n\n{chinese}")
    shares = {share.code: share for share in found}
    assert set(shares) == {"fr", "zh-Hans"}
    assert sum(share.share for share in found) == pytest.approx(1.0, abs=0.01)
    assert language in ("fr", "zh")
    assert shares["fr"].spans == ((0, len(FR) + 2),)
    assert shares["zh-Hans"].spans == ((len(FR) + 2, len(FR) + 2 + len(chinese)),)


def test_the_spellings_of_chinese_are_told_apart():
    """Simplified and traditional texts are both Chinese, and say which they are; a text that could be both does not."""
    assert [share.code for share in tag("蒙彼利埃与成都于一九八一年缔结友好城市关系")[1]] == ["zh-Hans"]
    assert [share.code for share in tag("蒙彼利埃與成都締結友好城市的關係")[1]] == ["zh-Hant"]
    assert [share.code for share in tag("友好城市友好城市友好城市")[1]] == ["zh"]


def test_a_passage_in_the_middle_of_a_long_text_is_found():
    """A long text is read in places; where two of them differ the border is looked for."""
    text = f"{FR}\n\n" * 200 + f"{EN}\n\n" * 60 + f"{FR}\n\n" * 200
    language, found = tag(text)
    shares = {share.code: share for share in found}
    assert language == "fr"
    assert set(shares) == {"fr", "en"}
    start = 200 * (len(FR) + 2)
    (begin, end) = shares["en"].spans[0]
    assert abs(begin - start) < 1_000 and abs(end - (start + 60 * (len(EN) + 2))) < 1_000


def test_spans_lie_in_the_text_and_do_not_overlap():
    """The spans of one language are in order, inside the text, and apart."""
    text = "\n\n".join([FR, CA, OC, EN, ES] * 12)
    for share in tag(text)[1]:
        assert all(0 <= start < end <= len(text) for start, end in share.spans)
        assert all(before[1] < after[0] for before, after in pairwise(share.spans))


def test_names_are_believed_only_where_their_language_is_expected():
    """A list of names has no language of its own."""
    names = "Jean-Paul LERAY, Georges LECLEVE, Bernard CHAZELAS, Marie GATARD, Alice BICZYSKO, Eric LOMBREY"
    assert tag(names)[0] == "und"


def test_the_same_text_has_the_same_language_each_time():
    """The statistical reader is seeded."""
    text = "Conseil Chengdu Montpellier coopération université agriculture tourisme médecine aéronautique"
    assert len({tag(text, ("fr",)) for _ in range(5)}) == 1


def test_the_point_of_cancel_lar_is_in_its_word(monkeypatch):
    """Catalan l·l is one sign to the readers, and speaks for Catalan; between other letters a point parts words."""
    heard = []
    monkeypatch.setattr(latin, "first_opinion", lambda letters: (heard.append(letters), ("ca", 1.0))[1])
    latin.latin_language("Premeu la tecla d'aturada per cancel·lar la COL·LECCIÓ, o a·b per sortir")
    assert heard == ["premeu la tecla d aturada per cancel·lar la col·lecció o a b per sortir"]
    assert latin.small_word_shares(["cancel·lar"])["ca"] > 0


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
