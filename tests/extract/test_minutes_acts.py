"""Acts cut out of made-up minutes, in the manners of many towns, and none out of papers that hold none."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.minutes import read_acts
from extract.model import Act, Margin, Page

TITLES = ("Achat d'un pré communal", "Tarifs de la cantine scolaire", "Jumelage avec Weimar", "Travaux du lavoir")
HEAD = "COMMUNE DE SAINT-EXEMPLE\n\nProcès-verbal de la séance du 4 mai 2021\n\nPrésents : dix conseillers.\n\n"
BODY = (
    "Monsieur le Maire expose le dossier et répond aux élus.\n"
    + "Les services ont préparé une note que chacun a reçue avec sa convocation. " * 6
    + "\nAprès en avoir délibéré, le conseil municipal, à l'unanimité, approuve.\n\n"
)
STAMP = "034-213400001-20210504-2021_07-DE"


def minutes(headings: Sequence[str], before: str = "", body: str = BODY) -> str:
    """Minutes with a body under each heading."""
    return HEAD + before + "".join(f"{heading}\n{body}" for heading in headings) + "La séance est levée à 22 heures.\n"


def sound(acts: Sequence[Act], text: str) -> None:
    """Assert that spans are inside the text, in order and apart, keys unique, titles on one line."""
    end = 0
    for act in acts:
        assert end <= act.start < act.end <= len(text)
        end = act.end
        assert "\n" not in act.title and len(act.title) <= 300
        assert act.rapporteur is None or act.start <= act.rapporteur[0] < act.rapporteur[1] <= act.end
    assert len({act.key for act in acts}) == len(acts)


@pytest.mark.parametrize(
    ("manner", "keys"),
    [
        ("2008/{n} – {t}", ["2008-1", "2008-2", "2008-3", "2008-4"]),
        ("23-02/00{n} – {t}", ["23-02-001", "23-02-002", "23-02-003", "23-02-004"]),
        ("2014.01.27 - {n} {T}", ["2014-01-27-1", "2014-01-27-2", "2014-01-27-3", "2014-01-27-4"]),
        ("CP_18_00{n} : {t}", ["CP-18-001", "CP-18-002", "CP-18-003", "CP-18-004"]),
        ("{n}/ {t}", ["1", "2", "3", "4"]),
        ("{n}. {t}", ["1", "2", "3", "4"]),
        ("{n}) {t}", ["1", "2", "3", "4"]),
        ("{r} - {t}", ["I", "II", "III", "IV"]),
        ("Délibération n° 2022-04{n} : {t}", ["2022-041", "2022-042", "2022-043", "2022-044"]),
        ("DÉLIBÉRATION N°2022-04{n}\nObjet : {t}", ["2022-041", "2022-042", "2022-043", "2022-044"]),
        ("Question n° 1{n} - {t}", ["11", "12", "13", "14"]),
        ("Point {n} : {t}", ["1", "2", "3", "4"]),
        ("• {T}", ["#1", "#2", "#3", "#4"]),
        ("Objet : {t}", ["#1", "#2", "#3", "#4"]),
    ],
)
def test_each_manner_of_heading_is_cut(manner: str, keys: list[str]) -> None:
    """Numbers, marks and capitals: each act begins at its heading and holds its own vote."""
    romans = ("I", "II", "III", "IV")
    headings = [manner.format(n=n, t=t, T=t.upper(), r=romans[n - 1]) for n, t in enumerate(TITLES, 1)]
    text = minutes(headings)
    acts = read_acts(text, (), "pv")
    sound(acts, text)
    assert [act.key for act in acts] == keys
    assert [act.start for act in acts] == [text.index(heading) for heading in headings]
    assert all(act.votes and act.votes.unanimous for act in acts)
    assert "séance est levée" not in text[acts[-1].start : acts[-1].end]


def test_titles_come_without_their_numbers() -> None:
    """The title is the words after the number."""
    acts = read_acts(minutes([f"2008/{n} – {title}" for n, title in enumerate(TITLES, 1)]), (), "compte_rendu")
    assert tuple(act.title for act in acts) == TITLES


def test_an_agenda_that_is_repeated_gives_each_act_once() -> None:
    """The numbered lines of the agenda are not acts; the same lines further down are."""
    headings = [f"{n}. {title}" for n, title in enumerate(TITLES, 1)]
    text = minutes(headings, before="ORDRE DU JOUR\n" + "\n".join(headings) + "\n\n")
    acts = read_acts(text, (), "pv")
    sound(acts, text)
    assert [act.start for act in acts] == [text.rindex(heading) for heading in headings]


def test_headings_without_numbers_are_known_from_the_agenda() -> None:
    """Titles that stand in the agenda mark the acts, and each act gets its ordinal as key."""
    text = minutes(TITLES, before="ORDRE DU JOUR\n" + "\n".join(f"- {title}" for title in TITLES) + "\n\n")
    acts = read_acts(text, (), "pv")
    sound(acts, text)
    assert [(act.title, act.number) for act in acts] == [(title, "") for title in TITLES]
    assert [act.key for act in acts] == ["#1", "#2", "#3", "#4"]


def test_a_list_of_deliberations_needs_no_decision() -> None:
    """Every line of a list is an act, with or without a vote."""
    text = "LISTE DES DÉLIBÉRATIONS\n\n" + "\n".join(f"2023-0{n} {title}" for n, title in enumerate(TITLES, 10))
    acts = read_acts(text, (), "liste_deliberations")
    sound(acts, text)
    assert [act.number for act in acts] == ["2023-010", "2023-011", "2023-012", "2023-013"]
    assert all(act.votes is None for act in acts)


def test_an_extract_is_one_act() -> None:
    """A single deliberation is one act from its first letter to its last."""
    text = (
        "RÉPUBLIQUE FRANÇAISE\nBruno 2 avenue du Port\nDélibération n° 2022-045\n"
        f"Objet : {TITLES[2]}\n\nRapporteur : Madame Claire Duval\n{BODY}"
    )
    (act,) = read_acts(text, (), "deliberation")
    assert (act.number, act.key, act.title) == ("2022-045", "2022-045", TITLES[2])
    assert (act.start, act.end) == (0, len(text.rstrip()))
    assert act.rapporteur is not None
    assert text[slice(*act.rapporteur)] == "Madame Claire Duval"


def test_a_letterhead_is_no_title() -> None:
    """Where no object is named, the motto above a deliberation is not taken for it."""
    (act,) = read_acts(f"62\nRÉPUBLIQUE FRANÇAISE\n{TITLES[0]}\n{BODY}", (), "deliberation")
    assert act.title == TITLES[0]


def test_a_plan_of_accounts_is_no_number() -> None:
    """M14 and M57 name how a budget is kept, not which act it is."""
    headings = ["M14 - Budget de la commune", "M49 - Budget de l'eau", "Tarifs du camping", "Travaux du lavoir"]
    text = minutes([f"\n{heading}\n" for heading in headings])
    assert not {act.number for act in read_acts(text, (), "pv")} & {"M14", "M49"}


def test_a_number_that_repeats_is_told_apart() -> None:
    """Two acts of a list that print one number have two keys."""
    text = "LISTE DES DÉLIBÉRATIONS\n" + "\n".join(f"Objet : {title}" for title in TITLES)
    assert [act.key for act in read_acts(text, (), "liste_deliberations")] == ["#1", "#2", "#3", "#4"]
    twice = minutes(["Question n° 1 : " + TITLES[0], "Question n° 2 : " + TITLES[1]])
    acts = read_acts(twice + twice, (), "pv")
    sound(acts, twice + twice)
    assert {"1", "2"} <= {act.key for act in acts}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("COMMUNIQUÉ DE PRESSE\n\n1. Une fête\n2. Un bal\n\nLe conseil municipal approuve.", "communique"),
        ("ARRÊTÉ n° 2021-12\n\nArticle 1 : La rue est fermée.\nArticle 2 : Le maire est chargé.", "arrete"),
        ("NOS VILLES JUMELLES\n\n• Weimar\n• Chengdu\n• Bath\n", ""),
        ("NOS VILLES JUMELLES\n\nWeimar depuis 1980\n\nBath depuis 1975\n", "compte_rendu"),
        ("Convocation\nORDRE DU JOUR\n- Achat du pré\n- Budget\n- Divers\n", "convocation"),
        ("adopte à l'unanimité", "pv"),
        ("", "pv"),
        (" \n\t\n", "deliberation"),
    ],
)
def test_papers_without_acts_give_none(text: str, kind: str) -> None:
    """Press releases, decrees, lists of twin towns, convocations and blank papers hold no act."""
    assert read_acts(text, (), kind) == ()


def test_split_cuts_a_paper_of_any_kind() -> None:
    """A source that asks for a cut gets it, whatever the paper seems to be."""
    text = minutes([f"2008/{n} – {title}" for n, title in enumerate(TITLES, 1)])
    assert read_acts(text, (), "page") == ()
    assert len(read_acts(text, (), "deliberation")) == 1
    assert [len(read_acts(text, (), kind, split="deliberations")) for kind in ("page", "deliberation")] == [4, 4]


def test_other_business_is_no_act() -> None:
    """What comes after the last act, and any part in which nothing is decided, belongs to none."""
    headings = [*(f"{n}. {title}" for n, title in enumerate(TITLES, 1)), "5. Questions diverses"]
    text = minutes(headings)
    acts = read_acts(text, (), "pv")
    assert [act.number for act in acts] == ["1", "2", "3", "4"]
    assert acts[-1].end <= text.index("5. Questions")


def test_those_present_are_no_title() -> None:
    """A line of names under an empty line heads no act."""
    people = "Anne Petit, Jean-Luc Morel, Zoé Lambert, Ali Haddad\n\nVoté à l'unanimité.\n\n"
    text = HEAD + people + "".join(f"{title}\n\n{BODY}" for title in TITLES)
    assert [act.title for act in read_acts(text, (), "pv") if "Petit" in act.title] == []


SHORT = HEAD.replace(
    "Présents : dix conseillers.", "Présents : dix conseillers.\nSecrétaire de séance : une conseillère"
)


def cut(headings: Sequence[str], body: str) -> list[tuple[str, str]]:
    """The numbers and titles of the acts of short minutes with one body under each heading."""
    text = SHORT + "".join(f"{heading}\n{body}\n\n" for heading in headings)
    acts = read_acts(text, (), "compte_rendu")
    sound(acts, text)
    return [(act.number, act.title) for act in acts]


@pytest.mark.parametrize(
    "decision",
    [
        "Le conseil accepte.",
        "Le conseil municipal, sur proposition de M. le Maire et après un long débat, décide d'attendre mai.",
        "Le conseil émet un avis favorable.",
        "Le conseil autorise le maire à signer.",
        "Accord du conseil.",
        "13 voix pour",
        "0 contre, 1 abstention, 11 pour",
        "Vote : 12 pour 0 contre 1 abst.",
        "Unanimité",
        "Décide d'affecter le résultat en réserves.",
    ],
)
@pytest.mark.parametrize("manner", ["{n}/ {t}", "{n}. {t}", "{r}/ {t}", "VOIRIE - {t}", "{T}"])
def test_short_minutes_are_cut_however_they_word_the_decision(manner: str, decision: str) -> None:
    """A title and one sentence of prose are enough, in the manners of small towns."""
    romans = ("I", "II", "III", "IV")
    headings = [manner.format(n=n, t=t, T=t.upper(), r=romans[n - 1]) for n, t in enumerate(TITLES, 1)]
    found = cut(headings, f"Le maire présente le dossier aux élus.\n{decision}")
    assert [title for _, title in found] == [
        heading if manner[0] in "V{T" and "{n}" not in manner and "{r}" not in manner else title
        for heading, title in zip(headings, TITLES, strict=True)
    ]


def test_a_title_may_be_that_of_a_vote() -> None:
    """Budgets and rates are voted: `Vote du budget` names a matter, `Vote : 12 pour` its outcome."""
    titles = ["Vote du compte de gestion", "Vote des taux", "Vote d'une motion"]
    headings = [f"2008/{n} – {title}" for n, title in enumerate(titles, 7)]
    assert cut(headings, "Vote : 12 pour") == [("2008/7", titles[0]), ("2008/8", titles[1]), ("2008/9", titles[2])]


def test_a_slip_in_a_number_loses_no_act() -> None:
    """Another year, a prefix left out, or an act out of order: all are kept as they are printed."""
    numbers = ["DE-2012/49", "DE-2011/50", "2012/51", "DE-2012/53", "DE-2012/52", "DE-2012/54"]
    found = cut([f"{number} – Achat du lot {number[-1]}" for number in numbers], "Adopté à l'unanimité.")
    assert [number for number, _ in found] == numbers


def test_what_counts_up_may_come_first() -> None:
    """In `DL-055-07-13` the month and the year stay, and the first part counts."""
    numbers = [f"DL-0{n}-07-13" for n in (55, 56, 66, 57)]
    assert [number for number, _ in cut([f"{each} - {TITLES[0]}" for each in numbers], BODY)] == numbers


def test_parts_of_a_matter_have_letters() -> None:
    """`- 2 A` and `- 2 B` are two acts, and an A that begins a title is no letter."""
    headings = [
        "2016.12.19 - 1 A QUI LE PRÉ ?",
        *(f"2016.12.19 - {n}  {TITLES[0].upper()}" for n in ("2 A", "2 B", "3")),
    ]
    numbers = [number for number, _ in cut(headings, "LE CONSEIL, A L'EXCEPTION D'UNE VOIX, ACCEPTE.")]
    assert numbers == ["2016.12.19 - 1", "2016.12.19 - 2 A", "2016.12.19 - 2 B", "2016.12.19 - 3"]


@pytest.mark.parametrize("line", ["2022-04{n}\n\n{t}", "Délibération n° 2022-04{n}\nObjet : {t}"])
def test_a_number_that_stands_alone_takes_the_title_below(line: str) -> None:
    """The title is the first line below the number, without the word that announces it."""
    found = cut([line.format(n=n, t=title) for n, title in enumerate(TITLES, 5)], BODY)
    assert found == [(f"2022-04{n}", title) for n, title in enumerate(TITLES, 5)]


def test_a_number_cited_in_a_sentence_is_no_heading() -> None:
    """A line that goes on with `2008/45 en date du…` belongs to the act it stands in."""
    body = f"Vu la délibération n°\n2008/99 en date du 3 mars sur les marchés,\n{BODY}"
    assert len(cut([f"2008/{n} – {title}" for n, title in enumerate(TITLES, 1)], body)) == len(TITLES)


def test_ordinals_begin_again_in_each_chapter() -> None:
    """1) to 3) under each of three chapters are nine acts; a list inside an act begins none."""
    headings = [f"{'CHAPITRE' * (n == 1)}\n{n}) Achat du lot {place}" for place in "ABC" for n in (1, 2, 3)]
    assert [number for number, _ in cut(headings, BODY)] == ["1", "2", "3"] * 3
    listed = BODY.replace("approuve.", "décide :\n1) d'acheter\n2) de payer\n3) de signer")
    assert len(cut([f"{n}) {title}" for n, title in enumerate(TITLES, 1)], listed)) == len(TITLES)


def test_a_title_may_say_more_than_the_agenda() -> None:
    """The line of the agenda is the beginning of the title below, or the other way round."""
    agenda = "ORDRE DU JOUR\n" + "\n".join(TITLES) + "\n\n"
    longer = [f"{title} et avenant au contrat" for title in TITLES]
    acts = read_acts(minutes(longer, before=agenda), (), "pv")
    assert [act.title for act in acts] == longer


def test_the_head_of_the_paper_and_what_people_do_are_no_titles() -> None:
    """The town, who gave whom a power, a label before a number and a sentence head no act."""
    lines = ["Le dépouillement donne ces résultats :", "Nombre de votants : 14", "Un élu souhaite un débat", "DÉCISION"]
    between = "".join(f"\n{line}\n\nAdopté à l'unanimité.\n" for line in lines)
    found = cut(TITLES, f"\nLe maire présente le dossier.\n\nAdopté à l'unanimité.\n{between}")
    assert [title for _, title in found] == list(TITLES)


@pytest.mark.parametrize("place", ["body", "margin"])
def test_the_stamp_of_the_transmission_is_read(place: str) -> None:
    """The identifier stands in the text or was set apart with the margins of the act's pages."""
    text = f"Délibération n° 7\nObjet : {TITLES[0]}\n{BODY}" + (f"ID : {STAMP}\n" if place == "body" else "")
    pages = (Page(number=3, start=0, end=len(text)),)
    margins = (Margin(page=3, place="footer", words=f"Reçu en préfecture ID : {STAMP}"),) if place == "margin" else ()
    (act,) = read_acts(text, pages, "deliberation", margins)
    assert act.stamp == STAMP
    elsewhere = tuple(Margin(page=9, place="footer", words=each.words) for each in margins)
    assert read_acts(text, pages, "deliberation", elsewhere)[0].stamp == (STAMP if place == "body" else "")


def test_pages_are_the_first_and_the_last_of_the_act() -> None:
    """Physical numbers of the pages that the span touches; zero where there are none."""
    text = minutes([f"2008/{n} – {title}" for n, title in enumerate(TITLES, 1)])
    second, third = text.index("2008/2"), text.index("2008/3")
    cuts = (0, second, second + 100, third, len(text))
    pages = tuple(Page(number=n, start=cuts[n - 1], end=cuts[n]) for n in range(1, len(cuts)))
    spans = [(act.first_page, act.last_page) for act in read_acts(text, pages, "pv")]
    assert spans == [(1, 1), (2, 3), (4, 4), (4, 4)]
    assert {(act.first_page, act.last_page) for act in read_acts(text, (), "pv")} == {(0, 0)}


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("Monsieur Paul Durand, adjoint aux sports, rapporteur, lit la note.", "Monsieur Paul Durand"),
        ("Rapporteur : Mme Odile Roux", "Mme Odile Roux"),
        ("Rapporteur : le maire", "le maire"),
        ("Personne ne rapporte.", None),
    ],
)
def test_the_rapporteur_is_a_place_in_the_text(line: str, named: str | None) -> None:
    """Who presents an act is a span, not a field with a name."""
    text = minutes([f"2008/{n} – {title}\n{line}" for n, title in enumerate(TITLES, 1)])
    for act in read_acts(text, (), "pv"):
        assert (act.rapporteur and text[slice(*act.rapporteur)]) == named


PIECES = st.sampled_from(
    ["\n", "\n\n", "1. Titre du point", "2008/7 – Le pré", "ORDRE DU JOUR", "Adopté à l'unanimité.", "IV - Le bois",
     "Rapporteur : Anne", "• LE LAVOIR", "Questions diverses", "pour : 3 contre : /", "\x00", "\ud800", "é", "12/ Bail"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=400) | st.lists(PIECES | st.text(max_size=20), max_size=40).map("".join),
    st.sampled_from(["pv", "deliberation", "liste_deliberations", "page"]),
    st.sampled_from(["", "deliberations"]),
)
def test_any_text_is_cut_soundly(text: str, kind: str, split: str) -> None:
    """No text, however strange, raises or gives spans that overlap or leave it."""
    sound(read_acts(text, (Page(number=1, start=0, end=len(text)),), kind, split=split), text)


MANY = "Adopté à l'unanimité.\n"
HOSTILE = {
    "one line": "le conseil municipal vu la loi " * 160_000,
    "short lines": "Titre abc\n" * 200_000,
    "numbered lines": "".join(f"{n}. Objet du point\n" for n in range(100_000)),
    "numbered and decided": "".join(f"{n % 99}. Objet du point\n{MANY}" for n in range(1_490)),
    "coded and decided": "".join(f"2020/{n} – Objet du point\n{MANY}" for n in range(1_490)),
    "much that is over": "".join(f"{n}/ Objet\nLa séance est levée.\n{MANY}" for n in range(1, 99)) * 15,
    "padded numbers": ("2008/77" + " " * 390 + "ab\n") * 5_000,
    "capitals": "Rapporteur\nMonsieur " + "A" * 1_000_000,
    "spaces": "objet" + " " * 1_000_000,
    "apostrophes": ("a" + "\n" * 100_000) * 2,
    "n": "n " * 100_000,
    "digits": "1" * 1_000_000,
    "nothing but NUL": "\x00" * 1_000_000,
    "surrogates": "\ud800\n" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("kind", ["pv", "deliberation"])
def test_a_hostile_text_takes_little_time(name: str, kind: str) -> None:
    """Megabytes of one thing are read or refused within seconds of the processor."""
    began = time.process_time()
    sound(read_acts(HOSTILE[name], (), kind), HOSTILE[name])
    assert time.process_time() - began < 6


def test_a_text_beyond_all_measure_is_not_cut() -> None:
    """More than six million letters are no minutes."""
    assert read_acts("a" * 6_000_001, (), "pv") == ()


def test_a_matter_marked_otherwise_is_an_act_where_it_stands_apart() -> None:
    """Roman numbers are chapters around whole numbers, but one with a decision of its own is an act."""
    text = minutes(["I - Approbation du budget"]).replace("La séance est levée à 22 heures.\n", "")
    text += "II - Voirie\n" + "".join(f"2021-0{n} - {title}\n{BODY}" for n, title in enumerate(TITLES, 1))
    assert [act.number for act in read_acts(text, [], "pv")] == ["I", "2021-01", "2021-02", "2021-03", "2021-04"]


def test_a_title_below_a_lone_bullet_is_read_whole() -> None:
    """A bullet on a line of its own begins an act, and its title goes as far as the empty line."""
    text = minutes([f"•\nFINANCES\n-\n{title}\n" for title in TITLES])
    acts = read_acts(text, (), "pv")
    sound(acts, text)
    assert [act.title for act in acts] == [f"FINANCES - {title}" for title in TITLES]


def test_a_theme_broken_into_lines_begins_an_act() -> None:
    """A theme in capitals with the dash and the matter below it is one title."""
    text = minutes([f"VOIRIE\n – {title}\n" for title in TITLES])
    acts = read_acts(text, (), "pv")
    sound(acts, text)
    assert [act.title for act in acts] == [f"VOIRIE – {title}" for title in TITLES]


def test_matters_under_one_theme_are_acts_of_their_own() -> None:
    """A line with a dash under a theme is an act where a decision stands before it and after it."""
    headings = ["VOIRIE – Chemin du lavoir\n", "–Enrobé de la rue basse\n", "ÉCOLE – Tarifs de la cantine\n"]
    text = minutes([*headings, "EAU – Rapport du délégataire\n"])
    acts = read_acts(text, (), "pv")
    sound(acts, text)
    assert len(acts) == 4


def test_a_formula_that_repeats_is_no_title() -> None:
    """A line that stands under every matter word for word heads none, although it stands below the agenda too."""
    body = "Le maire expose le dossier.\n\nPersonne ne demande la parole\n\nVote : à l'unanimité\n\n"
    agenda = "Ordre du jour\n" + "".join(f"{title}\n" for title in TITLES) + "\n"
    text = minutes(TITLES, agenda, body)
    acts = read_acts(text, (), "pv")
    sound(acts, text)
    assert [act.title for act in acts] == list(TITLES)


def test_what_the_council_is_asked_is_no_decision_yet() -> None:
    """Verbs at the head of lines after « il est proposé au conseil » do not end a matter; the vote below them does."""
    body = (
        "Il est proposé au conseil municipal\n- d'approuver le projet\n- autorise le maire à signer\n\n"
        "Les services ont préparé une note\n\nVote : à l'unanimité\n\n"
    )
    text = minutes(TITLES, body=body)
    acts = read_acts(text, (), "pv")
    sound(acts, text)
    assert [act.title for act in acts] == list(TITLES)


def test_decisions_of_the_mayor_told_for_information_are_no_act() -> None:
    """A theme that only tells what the mayor decided is left out."""
    text = minutes([f"ÉCOLE – {title}\n" for title in TITLES])
    told = "ÉLUS – Décisions prises par le maire dans le cadre de sa délégation\n\nUn devis est signé.\n\n"
    acts = read_acts(text.replace("La séance est levée", f"{told}La séance est levée"), (), "pv")
    assert len(acts) == len(TITLES)


@pytest.mark.parametrize(
    "mark",
    [
        "{title} :",
        "{n} : {title}",
        "N° {n} – {title}",
        "1.{n} {title}",
        "{n} {title}",
        "* {title}",
        "=> {title}",
        "Délibération : {title}",
        "{n} | {title}",
        "{n}/2021 {title}",
        "D.2021.05.{n} {title}",
    ],
)
def test_marks_without_empty_lines_between_acts(mark: str) -> None:
    """Each manner of marking a title is followed where no empty line sets it apart."""
    body = BODY.rstrip("\n")
    text = minutes([mark.format(n=n, title=title) for n, title in enumerate(TITLES, 1)], body=f"{body}\n")
    acts = read_acts(text, (), "pv")
    sound(acts, text)
    assert [act.title for act in acts] == list(TITLES)
