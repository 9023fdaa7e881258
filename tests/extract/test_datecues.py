"""The words before a date: what they make of it, and what they do not."""

import pytest

from extract.datecues import label_of
from extract.dateforms import dates_in, fold


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("Le conseil, dûment convoqué, s'est réuni à la mairie le 13 mars 2023", "session"),
        ("La fête a réuni deux cents personnes le 13 mars 2023", ""),
        ("Avis publié le 13 mars 2023", "posted"),
        ("Date de publication : 13 mars 2023", "posted"),
        ("Une enquête publique du 13 mars 2023", ""),
        ("L'éclairage public, 13/03/2023", ""),
        ("Panneaux de l'afficheur du 13 mars 2023", ""),
        ("La convocation du conseil municipal avait été faite le 13 mars 2023", "called"),
        ("Le maire certifie que le compte rendu a été affiché à la mairie le 13 mars 2023", "posted"),
        ("Signé électroniquement par Camille Papier le 13/03/2023", "signed"),
        ("Reçu en préfecture le 13/03/2023", "sent"),
        ("\nReçu le 13/03/2023", "sent"),
        ("La demande reçue au guichet le 13 mars 2023", ""),
        ("Dépose des illuminations, 13/03/2023", ""),
        ("Liste des marchés notifiés entre le 13 mars 2023", "other"),
        ("\nNotifié le 13 mars 2023", "sent"),
        ("Fait et délibéré en mairie, les jour, mois et an susdits, le 13 mars 2023", "signed"),
        ("Il est fait lecture des questions reçues du 13 mars 2023", ""),
    ],
)
def test_the_nearest_cue_names_the_date(words, label):
    """What is public is not published, what was received is not received by the State."""
    (written,) = dates_in(words)
    assert label_of(words, fold(words), 0, written) == label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("La séance est levée à 20 h.\nSainte-Maquette, le 13 mars 2023\nLe maire", "signed"),
        ("La séance est levée.\nÀ Sainte-Maquette, le mardi 13 mars 2023.", "signed"),
        ("La séance se tient à\nSainte-Maquette, le 13 mars 2023 à 20 h", "session"),
        ("La séance se tient au marché de Sainte-Maquette, le 13 mars 2023", "session"),
    ],
)
def test_a_place_and_a_date_alone_on_a_line_are_a_signature(text, label):
    """Above the names of those who sign; a line that says more is a sentence."""
    (written,) = dates_in(text)
    assert label_of(text, fold(text), 0, written) == label
