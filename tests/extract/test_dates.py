"""Dates: every form they are written in, and which of them is the date of the séance."""

import pytest

from extract.dateforms import dates_in, dates_in_name, fold, number_of
from extract.dates import find_dates, plausible
from extract.model import FoundDate, Hints

LATER = "2026-11-01T00:00:00Z"


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("séance du lundi 27 juin 2022", "2022-06-27"),
        ("le 1er juillet 2022", "2022-07-01"),
        ("1 er août 2019", "2019-08-01"),
        ("MERCREDI 15 DÉCEMBRE 2021", "2021-12-15"),
        ("15 DECEMBRE 2021", "2021-12-15"),
        ("26MAI 2009", "2009-05-26"),
        ("le 3 févr. 2011", "2011-02-03"),
        ("L'an deux mille dix-neuf et le dix-huit avril", "2019-04-18"),
        ("L’an deux mille-dix-neuf, le dix-huit avril", "2019-04-18"),
        ("L'an deux mil treize, le dix-sept avril, à vingt heures", "2013-04-17"),
        ("L'AN DEUX MILLE VINGT-DEUX, LE VINGT-SEPT JUIN", "2022-06-27"),
        ("L'an deux mille vingt et un et le premier mars", "2021-03-01"),
        ("l'an mil neuf cent quatre-vingt-un, le vingt et un juin", "1981-06-21"),
        ("L'an mille neuf cent quatre-vingt-dix-huit, le trente janvier", "1998-01-30"),
        ("L'an 2015, le 24 juillet", "2015-07-24"),
        ("L'an deux mille vingt trois le vingt-quatre du mois de février", "2023-02-24"),
        ("L'an deux mille vingt-trois, le lundi 13 mars", "2023-03-13"),
        ("le vingt-sept juin deux mille vingt-deux", "2022-06-27"),
        ("le 18/11/2004", "2004-11-18"),
        ("le 18-11-2004", "2004-11-18"),
        ("le 18.11.2004", "2004-11-18"),
        ("Liste des délibérations du CM du 09 10 2023", "2023-10-09"),
        ("2023-03-20", "2023-03-20"),
        ("22 June 1981", "1981-06-22"),
        ("June 22nd, 1981", "1981-06-22"),
        ("October 23, 2024", "2024-10-23"),
        ("22 de juny de 1981", "1981-06-22"),
        ("22 de juny del 1981", "1981-06-22"),
        ("3 d'abril de 1999", "1999-04-03"),
        ("14 de març de 2023", "2023-03-14"),
        ("22 de junh de 1981", "1981-06-22"),
        ("9 de genièr de 2020", "2020-01-09"),
        ("22 de junio de 1981", "1981-06-22"),
        ("2024年10月23日", "2024-10-23"),
        ("2024 年 10 月 23 日", "2024-10-23"),
        ("二〇二四年十月二十三日", "2024-10-23"),
        ("1981年6月", "1981-06"),
        ("en juin 2022", "2022-06"),
        ("March 2019", "2019-03"),
        ("le 29 février 2020", "2020-02-29"),
        ("29/04/13", "2013-04-29"),
        ("séance du 12 décembre", "--12-12"),
    ],
)
def test_a_written_date_is_read(words, value):
    """Each form of a date gives its ISO value."""
    assert [date.value for date in dates_in(words)] == [value]


@pytest.mark.parametrize(
    "words",
    [
        "l'article L. 2121-25 du code général",
        "articles L.2121-10 et R. 2121-9",
        "l'article L 1115-1",
        "31/02/2020",
        "le 29 février 2019",
        "le 32 mars 2020",
        "téléphone 05 61 22 2010",
        "délibération n° 2022-045",
        "12/13/2014",
        "l'an passé",
        "un brumaire an VIII",
        "le 1er",
        "",
        "Rue du 8",
        "192.168.10.2014.5",
    ],
)
def test_what_is_no_date_is_not_read(words):
    """Articles of codes, numbers and impossible days are no dates."""
    assert dates_in(words) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cm20041118.htm", "2004-11-18"),
        ("2023-03-20.pdf", "2023-03-20"),
        ("mairie_convocation-odj_2023-03-20_downloads-1600.pdf", "2023-03-20"),
        ("CM_17_avril_2013.pdf", "2013-04-17"),
        ("CR-CM-du-10-décembre-2019.pdf", "2019-12-10"),
        ("CR-CM-24-07-15.pdf", "2015-07-24"),
        ("CR_CM_4.11.15.pdf", "2015-11-04"),
        ("CR_CM_26.09.2014.pdf", "2014-09-26"),
        ("CR_reunion_20220624.pdf", "2022-06-24"),
        ("PV15122023-DE", "2023-12-15"),
        ("2022-07.08_-_arrete.pdf", "2022-07-08"),
        ("seance-du-12-decembre", "--12-12"),
        ("compte_rendu_du_1er_mars_2021.pdf", "2021-03-01"),
        ("pv_juin_2021.pdf", "2021-06"),
    ],
)
def test_a_date_in_a_file_name_is_read(name, value):
    """File names glue dates to words and put anything between their parts."""
    assert [date.value for date in dates_in_name(name)][:1] == [value]


@pytest.mark.parametrize("name", ["1106_001.pdf", "2014-085-budget.pdf", "99999999.pdf", "scan.pdf"])
def test_a_number_in_a_file_name_is_no_date(name):
    """Scanners and registers number files too."""
    assert dates_in_name(name) == []


def session(text, **hints):
    """The séance found in a text: its date and where it stood."""
    found = find_dates(text, Hints(captured_at=LATER, **hints), "compte_rendu")
    return next(((date.value, date.found_in) for date in found if date.role == "session"), None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CONSEIL MUNICIPAL\nSÉANCE DU 17 AVRIL 2013\nConvocation : 9 avril 2013", "2013-04-17"),
        ("Date de convocation : 9 avril 2013\nSéance du 17 avril 2013", "2013-04-17"),
        ("Convocation du 9 avril 2013\nL'an deux mil treize, le dix-sept avril", "2013-04-17"),
        ("Procès-verbal de la séance du 13 mars 2023", "2023-03-13"),
        ("Approbation du PV de la séance du 6 février 2023\nSéance du 13 mars 2023", "2023-03-13"),
        ("Séance du 13 mars 2023\nadoption du procès-verbal du 6 février 2023", "2023-03-13"),
        ("COMPTE RENDU DE LA RÉUNION DU 11 MARS 2021", "2021-03-11"),
        ("Reçu en préfecture le 12/02/2024\nSéance du 15 décembre 2023", "2023-12-15"),
        ("Affiché le 20 juin 2022\nConseil municipal du 14 juin 2022", "2022-06-14"),
        ("Réunion du conseil communautaire\ndu jeudi 2 mars 2017", "2017-03-02"),
        ("Sessió del Ple de l'Ajuntament, 22 de juny de 2021", "2021-06-22"),
        ("City Council Meeting of October 23, 2024", "2024-10-23"),
        ("Vu l'article L. 2121-25\nSéance du 4 mai 2020", "2020-05-04"),
        ("lundi 27 juin 2022 à 18 h", "2022-06-27"),
        ("Date de l'affichage du P.V. : 30 novembre 2015\nSéance ordinaire du 23 novembre 2015", "2015-11-23"),
    ],
)
def test_the_seance_is_told_from_the_other_dates_of_the_page(text, expected):
    """Convocation, posting, stamp and earlier minutes stand beside the séance and are not it."""
    assert session(text)[0] == expected


def test_the_page_wins_over_the_file_name():
    """A file named for one day and dated another on its page has the date of its page, and keeps both."""
    found = find_dates("Séance du 15 décembre 2023", Hints(url="PV DU 15 DECEMBRE 2024.pdf"), "pv")
    assert [(date.value, date.found_in) for date in found if date.role == "session"] == [
        ("2023-12-15", "heading"),
        ("2024-12-15", "file_name"),
    ]


def test_the_stamp_of_a_scan_dates_its_minutes():
    """A scan says nothing but its stamp, whose number holds the date of the séance."""
    stamp = "Envoyé en préfecture le 12/02/2024\nID : 030-213001100-20240202-PV15122023-DE"
    assert session(stamp, url="PV_DU_15_DECEMBRE_2024.pdf") == ("2023-12-15", "first_page")


@pytest.mark.parametrize(
    ("hints", "expected"),
    [
        (
            {"link_text": "PV de la séance du 13 mars 2023", "url": "/1106_001.pdf"},
            ("2023-03-13", "link_text"),
        ),
        ({"context": "Conseil du 13 mars 2023", "url": "/1106_001.pdf"}, ("2023-03-13", "context")),
        ({"url": "https://a.fr/cm20041118.htm"}, ("2004-11-18", "file_name")),
        ({"url": "https://a.fr/comptes-rendus-2019/seance-du-12-decembre/"}, ("2019-12-12", "file_name")),
        ({"url": "https://a.fr/2023-03-20/pv.pdf"}, ("2023-03-20", "url")),
        ({"url": "https://a.fr/deliberations/2018/07.pdf"}, ("2018", "url")),
        ({"url": "https://a.fr/CR-CM-du-10-d%C3%A9cembre-2019.pdf"}, ("2019-12-10", "file_name")),
        ({"url": "https://a.fr/downloads-1916.pdf"}, None),
        (
            {"link_text": "séance du 12 décembre", "url": "https://a.fr/2019/x.pdf"},
            ("2019-12-12", "link_text"),
        ),
    ],
)
def test_a_link_or_an_address_dates_what_has_no_text(hints, expected):
    """Link text first, then the words around it, then the file name, then the folders."""
    assert session("", **hints) == expected


def test_the_year_of_the_folder_completes_the_date_of_the_page():
    """A page that says only the day takes its year from its address."""
    url = "https://a.fr/les-comptes-rendus-2019/seance-du-12-decembre/"
    assert session("Séance du 12 décembre", url=url) == ("2019-12-12", "heading")


def test_an_order_names_seances_and_is_none():
    """In an order the words séance du lead to a date it mentions."""
    found = find_dates("Arrêté\nVu la séance du 9 mars 2008\nFait à Albi, le 20 juillet 2010", Hints(), "arrete")
    assert [(date.role, date.value) for date in found] == [
        ("signed", "2010-07-20"),
        ("mentioned", "2008-03-09"),
    ]


def test_a_list_of_seances_was_held_on_none():
    """A listing that names many séances has no date of its own."""
    listing = "\n".join(f"Séance du {day} mars 2022" for day in range(1, 20))
    assert {date.role for date in find_dates(listing, Hints())} == {"mentioned"}


def test_the_date_of_metadata_is_a_publication():
    """A press page dated by its metadata is published then."""
    given = FoundDate(role="published", value="2024-10-23", precision="day", found_in="metadata")
    found = find_dates("La délégation est arrivée le 20 octobre 2024.", Hints(), "", [given])
    assert found[0] == given


@pytest.mark.parametrize(
    ("value", "captured", "expected"),
    [
        ("2024-10-23", "2024-10-24T00:00:00Z", True),
        ("2025-10-23", "2024-10-24T00:00:00Z", True),
        ("2025-10-25", "2024-10-24T00:00:00Z", False),
        ("1899-12-31", "2024-10-24T00:00:00Z", False),
        ("1900", "", True),
        ("2101", "", False),
    ],
)
def test_dates_before_1900_and_after_the_capture_are_refused(value, captured, expected):
    """One year after its capture is the last day a document may speak of as its own."""
    assert plausible(value, captured) is expected


def test_found_dates_say_where_they_stood():
    """Each date has the words it was read from and its precision."""
    date = find_dates("Séance du 4 mai 2020", Hints(), "pv")[0]
    assert (date.precision, date.found_in, date.quote) == ("day", "heading", "Séance du 4 mai 2020")


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("deux mille-dix-neuf", 2019),
        ("mil neuf cent quatre vingt un", 1981),
        ("mille neuf cent quatre-vingt-dix-neuf", 1999),
        ("deux mil vingt et un", 2021),
        ("deux mille vingt-quatre", 2024),
        ("dix neuf cent quarante cinq", 1945),
        ("soixante-douze", 72),
        ("trente et un", 31),
        ("premier", 1),
    ],
)
def test_french_numbers_in_words(words, number):
    """Scales, quatre-vingt and hyphens in any place."""
    assert number_of(words) == number


def test_folding_keeps_every_offset():
    """A folded text has as many characters as the text."""
    text = "SÉANCE œuvre ﬁn İstanbul 法国 ’"
    assert (len(fold(text)), fold("SÉANCE")) == (len(text), "seance")


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", ["un ", "vingt-", "cent", "12 de ", "1-", "l'an ", "/2019", "  ", "p.v.", "1 aout "])
def test_no_repetition_stalls_the_reading_of_dates(piece):
    """A text made of one repeated piece is read in a moment."""
    assert len(find_dates(piece * 4000, Hints(link_text=piece * 150, url="/" + piece * 300))) < 30
