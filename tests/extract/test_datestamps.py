"""Stamps: the dates behind their formulas, wherever in a paper they stand."""

import pytest

from extract.dates import find_dates
from extract.datestamps import from_identifiers, from_stamps
from extract.model import Hints


def told(text):
    """The roles and values that the formulas give."""
    return [(date.role, date.value) for _, date in from_stamps(text)]


@pytest.mark.parametrize(
    ("stamp", "role"),
    [
        ("Date de télétransmission : 14/03/2023", "transmitted"),
        ("Date de réception préfecture : 14/03/2023", "transmitted"),
        ("Date de réception | 14/03/2023", "transmitted"),
        ("Envoyé en préfecture le 14/03/2023", "transmitted"),
        ("Reçu en sous-préfecture de Maquette le 14 mars 2023", "transmitted"),
        ("Transmise au contrôle de légalité le 14/03/2023", "transmitted"),
        ("Affiché le\n14/03/2023", "published"),
        ("Date d'affichage : 14/03/2023", "published"),
        ("Date de la convocation | 14 mars 2023", "convocation"),
    ],
)
def test_a_formula_right_before_a_date_gives_its_role(stamp, role):
    """On one line, over two, or in two cells of a table."""
    assert told(stamp) == [(role, "2023-03-14")]


@pytest.mark.parametrize(
    "words",
    [
        "Date de réception des travaux : 14/03/2023",
        "Affiché le plan du 14 mars 2023",
        "Date de convocation : le maire rappelle, 14 mars 2023",
        "Affiché le 14 mars",
        "Date d'affichage : 99/99/2023",
    ],
)
def test_other_words_between_are_no_stamp(words):
    """A formula counts only where a whole day follows it at once."""
    assert told(words) == []


def test_each_act_of_a_long_register_may_have_its_stamp():
    """Far behind the first pages, each date once, and no more than five of a role."""
    acts = [f"{'Le conseil délibère. ' * 500}\nDate de réception : {day:02}/03/2023\n" for day in (14, 14, 15)]
    dates = find_dates("".join(acts), Hints(), "raa")
    assert sorted(date.value for date in dates if date.role == "transmitted") == ["2023-03-14", "2023-03-15"]
    assert len(told("".join(f"Affiché le {day:02}/03/2023\n" for day in range(1, 20)))) == 5


def test_the_identifier_dates_the_act_unless_it_is_of_minutes():
    """Minutes are stamped with the séance that adopted them: only a date inside their number is theirs."""
    found = {number: [date.value for _, date in from_identifiers(f"034-123456789-20230314-{number}-DE")]
             for number in ("2023_12", "PV12", "PV20230130")}  # fmt: skip
    assert found == {"2023_12": ["2023-03-14"], "PV12": [], "PV20230130": ["2023-01-30"]}
