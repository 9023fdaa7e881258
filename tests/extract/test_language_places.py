"""Where each language of a page stands, in which spelling or norm, and what has no language at all."""

import random
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.languages import tag
from extract.languages.blocks import blocks
from extract.languages.latin import latin_language
from extract.languages.readers import first_opinion, second_opinion
from extract.languages.scripts import mixed, of_the_east, weights

# All of it made up.
FR = (
    "Les deux villes se sont engagées à poursuivre leurs échanges dans les domaines de l'éducation, de la culture et "
    "de la santé, et le conseil en a pris acte à l'unanimité de ses membres présents."
)
CA = (
    "Les dues ciutats s'han compromès a continuar els seus intercanvis en els àmbits de l'educació, la cultura i la "
    "salut, i el consell n'ha pres nota per unanimitat dels membres presents."
)
ZH = "成都市与蒙彼利埃市于一九八一年六月缔结友好城市关系，双方在教育、文化、医疗和农业等领域开展了广泛的交流与合作。"
ZH_HANT = (
    "成都市與蒙彼利埃市於一九八一年六月締結友好城市關係，雙方在教育、文化、醫療和農業等領域開展了廣泛的交流與合作。"
)


@pytest.mark.parametrize(
    ("norm", "text"),
    [
        (
            "lengadocian",
            "Lo conselh municipal a votat aquesta nuèch la convencion amb la vila bessona, e los conselhièrs son "
            "estats d'acòrdi per la signar abans l'estiu.",
        ),
        (
            "gascon",
            "Lo conselh que votè anueit la convencion dab la vila bessoa, e los conselhèrs que son d'acòrd entà la "
            "signar abans l'estiu. Qu'ei ua bona navèra entà tots.",
        ),
        (
            "aranés",
            "Eth Conselh a aprovat aguest maitin eth convèni damb era ciutat agermanada, e es conselhèrs an estat "
            "d'acòrd entà signar-lo abans der ostiu.",
        ),
        (
            "provençau",
            "Lo conseu municipau a votat la convencion amb la vila bessona, e lei conselhiers son estats d'acòrdi per "
            "la signar avans l'estiu. Es un bèu jorn per totei leis abitants dau país.",
        ),
        (
            "Mistralian",
            "Lou counsèu municipau a vouta la counvencioun emé la vilo bessouno, e li counseié soun esta d'acord pèr "
            "la signa avans l'estiéu. Es un bèu jour pèr touto la coumuno.",
        ),
        (
            "lemosin",
            "Lo conselh municipau a votat queu ser la convencion emb la vila bessona, e los conselhiers son "
            "estats d'acòrdi per la signar avant l'estiu; quò es una bona chausa per tots.",
        ),
    ],
)
def test_each_norm_of_occitan_is_occitan(norm, text):
    """Occitan is written in several ways, in capitals too."""
    assert (tag(text)[0], tag(text.upper())[0]) == ("oc", "oc"), norm


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_each_language_of_a_bilingual_page_has_its_places(gap):
    """French and Chinese paragraphs in turn: the spans cover each paragraph of a language and nothing of the other."""
    text = gap.join([FR, ZH] * 8)
    code, shares = tag(text)
    assert code == "fr" and {share.code for share in shares} == {"fr", "zh-Hans"}
    for share in shares:
        words = [text[start:end].strip() for start, end in share.spans]
        assert words == [FR if share.code == "fr" else ZH] * 8


def test_two_languages_in_one_writing_system_are_told_apart_by_paragraph():
    """A page with its Catalan below its French: the place where the one becomes the other is found."""
    french, catalan = "\n".join([FR] * 20), "\n".join([CA] * 20)
    shares = {share.code: share.spans for share in tag(f"{french}\n{catalan}")[1]}
    assert shares == {"fr": ((0, len(french) + 1),), "ca": ((len(french) + 1, len(french) + 1 + len(catalan)),)}


def test_one_quoted_sentence_makes_no_page_bilingual():
    """French minutes that quote a Catalan sentence are in French, all of them."""
    text = " ".join([*[FR] * 6, "El president va dir que la col·laboració amb la ciutat continuarà.", *[FR] * 6])
    assert [(share.code, share.spans) for share in tag(text)[1]] == [("fr", ((0, len(text)),))]
    inline = "La ville de Chengdu (成都市) et celle de Montpellier (蒙彼利埃市) sont jumelées encore aujourd'hui."
    assert [share.code for share in tag(inline)[1]] == ["fr"]


def test_the_spellings_of_chinese_are_told_apart_and_the_language_is_the_same():
    """The index knows `zh`; the shares know which spelling."""
    assert [(tag(text)[0], tag(text)[1][0].code) for text in (ZH, ZH_HANT)] == [("zh", "zh-Hans"), ("zh", "zh-Hant")]
    code, shares = tag(f"{ZH * 4}\n{ZH_HANT * 4}")
    assert code == "zh" and {share.code for share in shares} == {"zh-Hans", "zh-Hant"}
    assert of_the_east("共同发布 友好城市 共同出版") == "zh"


@pytest.mark.parametrize(
    "text",
    [
        "Jumelage avec Chengdu",
        "\n".join(f"{number} 123,45 | 67 890,12 | 3/4" for number in range(60)),
        "Chapitre | Dépenses | Recettes\n011 | 123 456,78 | 0,00\n012 | 98 765,43 | 1 200,00",
        "Franz HUBER, Karl MUELLER, Heinz SCHMIDT, Ingrid WEBER, Jutta BAUMANN, Otto FISCHER, Anna KOCH",
        "Sichuan Sheng Chengdu Shi Renmin Zhengfu Waishi Bangongshi, Chongqing Shi Renmin Zhengfu, Yunnan Sheng",
        "Rada miasta przyjęła dzisiaj umowę o partnerstwie z miastem i upoważniła burmistrza do jej podpisania.",
        "U cunsigliu municipale hà appruvatu a cunvenzione cù a cità gemella, è u merre a firmerà nanzu à l'estate.",
        "Lorem ipsum dolor sit amet, consectetur adipiscing, sed do eiusmod tempor incididunt ut labore et dolore.",
        "\ud800" * 500,
        "\x00" * 500,
        "a" * 5_000,
    ],
)
def test_what_is_no_running_text_of_a_known_language_has_none(text):
    """Titles, tables, names, other languages and rubbish are `und`, not the nearest language."""
    assert tag(text) == ("und", ())


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("gl", "O concello aprobou onte o convenio coa cidade irmá e autorizou á alcaldesa a asinalo antes do verán."),
        ("pt", "A câmara municipal aprovou ontem o acordo com a cidade irmã e não autorizou ainda a sua publicação."),
        ("eu", "Udal batzarrak gaur onartu du hiri senidearekin egindako hitzarmena, eta alkateak sinatuko du laster."),
        (
            "br",
            "Asantet eo bet ar c'huzul-kêr hag asantet en deus an emglev gant ar gêr all, ha sinet e vo gant ar maer.",
        ),
    ],
)
def test_neighbours_are_not_taken_for_the_languages_of_the_south(code, text):
    """Galician, Portuguese, Basque and Breton are what they are, never French, Occitan or Catalan."""
    assert tag(text)[0] == code


def test_names_are_french_where_french_is_expected():
    """An attendance list has no small words: the source's language is believed if the letters agree."""
    names = "Présents : M. Dupont, Mme Durand, M. Martin, Mme Petit, M. Leroy, Mme Moreau, M. Simon, Mme Laurent"
    assert (latin_language(names), latin_language(names, ["fr"]), latin_language(names, ["zh"])) == ("und", "fr", "und")


def test_the_readers_answer_alike_whatever_they_were_asked_before():
    """The second reader draws lots, from the same seed each time."""
    texts = [FR.lower(), CA.lower(), "chengdu montpellier coopération université tourisme", "kenavo d'an holl"]
    first = [(first_opinion(text), second_opinion(text)) for text in texts]
    for seed in range(3):
        order = random.Random(seed).sample(range(len(texts)), len(texts))
        again = {number: (first_opinion(texts[number]), second_opinion(texts[number])) for number in order}
        assert [again[number] for number in range(len(texts))] == first


def test_another_process_answers_alike():
    """The order in which Python happens to keep its sets has no say."""
    code = f"from extract.languages import tag; print(tag({FR + ZH + CA!r}))"
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": n}
        )
        for n in ("1", "2")
    ]
    assert runs[0].stdout == runs[1].stdout


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([FR, CA, ZH, "12,50 €", "", " ", "Ville de\tChengdu 成都", "\ufeff\x0c"]), max_size=30))
def test_the_places_of_a_language_lie_in_the_text_in_order(lines):
    """Spans begin before they end, never overlap nor touch, and lie inside the text; shares add up to one at most."""
    text = "\n".join(lines)
    code, shares = tag(text)
    assert code == "und" or code in {share.code.partition("-")[0] for share in shares}
    assert sum(share.share for share in shares) <= 1.01
    for share in shares:
        ends = [place for span in share.spans for place in span]
        assert ends == sorted(set(ends)) and ends[0] >= 0 and ends[-1] <= len(text)


@given(st.text(max_size=6_000))
def test_blocks_are_the_text(text):
    """Nothing is lost between two blocks, and none is longer than it may be."""
    cut = list(blocks(text))
    assert "".join(text[block.start : block.end] for block in cut) == text
    assert all(0 < block.end - block.start < 4_000 for block in cut)


def test_a_word_in_another_writing_system_does_not_make_a_text_mixed():
    """A name in Chinese in ten pages of French, and a page of each."""
    assert not mixed(FR * 100 + "成都") and mixed(FR + ZH)
    assert weights("Αθήνα, Paris") == {"latin": 5, "el": 5}


def test_five_million_characters_take_no_longer_than_a_page():
    """A long text is read in samples: a book takes seconds at most."""
    code, shares = tag((FR + "\n") * 25_000)
    assert code == "fr" and shares[0].share == 1.0
