"""Titles a reader would recognise, and kinds of act read from headings."""

import pytest

from extract.acts import act_type
from extract.model import Hints
from extract.titles import acceptable, choose


@pytest.mark.parametrize(
    "title",
    ["", "Microsoft Word - CM.doc", "Document sans titre", "Document1", "CR_CM_26.09.2014.pdf", "cm20041118.htm",
     "untitled", "Présentation PowerPoint", "scan 0001", "12-04", "C:\\mairie\\pv", "RÉPUBLIQUE FRANÇAISE",
     "www.ville.fr", "Envoyé en préfecture le 12/02/2024", "affiche.jpg", "***", "a\ufffdb"],
)  # fmt: skip
def test_a_title_that_says_nothing_is_refused(title):
    """File names, defaults of office programs, stamps and mottoes are no titles."""
    assert not acceptable(title)


@pytest.mark.parametrize("title", ["Jumelage Montpellier – Chengdu", "成都", "Séance du 27 juin 2022", "Budget"])
def test_a_title_in_words_is_accepted(title):
    """Words are a title, few or many."""
    assert acceptable(title)


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        ("MAIRIE\nCOMPTE RENDU\nDU CONSEIL MUNICIPAL\nDU 4 MAI 2020\nNombre de conseillers : 9", {},
         ("COMPTE RENDU DU CONSEIL MUNICIPAL DU 4 MAI 2020", "first_page")),
        ("Le budget primitif\nest voté", {"metadata": "Le budget primitif"}, ("Le budget primitif", "metadata")),
        ("Conseil municipal du 15 mars 2013\nObjet", {"metadata": "Conseil municipal du 14 mars 2008"},
         ("Conseil municipal du 15 mars 2013", "first_page")),
        ("Nombre de membres\nqui ont pris part à la délibération : 11\nObjet\nCompte rendu\ndu conseil municipal", {},
         ("Compte rendu du conseil municipal", "first_page")),
        ("Le maire certifie que le compte rendu a\nété affiché\net que la convocation avait été faite.\n"
         "EXTRAIT DES DÉLIBÉRATIONS DU 4 MAI", {}, ("EXTRAIT DES DÉLIBÉRATIONS DU 4 MAI", "first_page")),
        ("Texte", {"heading": "Une délégation à Chengdu"}, ("Une délégation à Chengdu", "heading")),
        ("\n\nBonjour à tous\nsuite", {}, ("Bonjour à tous", "first_page")),
        ("", {}, None),
    ],
)  # fmt: skip
def test_the_best_title_is_chosen(text, given, expected):
    """Metadata only when the page repeats it, then headings, then the lines that name an act."""
    found = choose(text, Hints(), **given)
    assert (found and (found.value, found.found_in)) == expected


def test_a_scan_takes_the_words_of_its_link():
    """Without text the link that led here is the title."""
    found = choose("", Hints(link_text="PV de la séance du 13 mars 2023"))
    assert (found.value, found.found_in) == ("PV de la séance du 13 mars 2023", "link_text")


def test_a_long_title_is_cut():
    """Three hundred characters at most."""
    assert len(choose("", Hints(link_text="mot " * 200)).value) <= 300


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("COMPTE-RENDU\nCONSEIL MUNICIPAL", "compte_rendu"),
        ("CR du conseil municipal 24 juin 2022\nOrdre du jour :", "compte_rendu"),
        ("PROCÈS VERBAL DE LA RÉUNION DU CONSEIL", "pv"),
        ("Procès-verbal de séance\nOrdre du jour", "pv"),
        ("EXTRAIT DU REGISTRE DES DÉLIBÉRATIONS", "deliberation"),
        ("Délibération n° 2022-045", "deliberation"),
        ("Liste des délibérations du 16 mai 2025", "liste_deliberations"),
        ("CONVOCATION\nOrdre du jour", "convocation"),
        ("Ordre du jour du conseil", "ordre_du_jour"),
        ("RECUEIL DES ACTES ADMINISTRATIFS", "raa"),
        ("ARRÊTÉ MUNICIPAL n° 2014/55", "arrete"),
        ("Décision du Maire n° 12", "decision"),
        ("COMMUNIQUÉ DE PRESSE\nUne délégation", "communique"),
        ("Ordre du jour\nÉtaient présents : M. Durand, conseil municipal", "compte_rendu"),
        ("Conseil municipal\nPrésents : M. Durand\nApprobation du procès-verbal", "compte_rendu"),
        ("Conseil municipal\nPrésents : A. Durand (jusqu'à la délibération n° 2014/59)", "compte_rendu"),
        ("Procès-verbal communal d'élection\ndu Conseil d'État", None),
        ("Un article sur la Chine", None),
    ],
)
def test_the_kind_of_act_is_read_from_its_heading(text, kind):
    """Heading words decide, names in passing do not."""
    found = act_type(text, Hints())
    assert (found and found.value) == kind


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://a.fr/PV_du_16_d%C3%A9cembre_2022.pdf", "pv"),
        ("compte_rendu_16_juin.pdf", "compte_rendu"),
        ("mairie_convocation-odj_2023-03-20.pdf", "convocation"),
        ("Proces-verbal_communal_Election_2026.pdf", None),
        ("1106_001.pdf", None),
    ],
)
def test_a_scan_takes_its_kind_from_its_file_name(url, kind):
    """The name of the file speaks when the text does not."""
    found = act_type("", Hints(url=url))
    assert (found and found.value) == kind
