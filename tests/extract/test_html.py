"""HTML: the main text, complete, whatever the page throws at the parsers."""

import pytest

import extract
from extract.model import Hints

NAVIGATION = "<nav><ul>" + "".join(f'<li><a href="/{n}">Rubrique {n}</a></li>' for n in range(40)) + "</ul></nav>"
PAIRS = [
    ("Collectivité française", "Ville de Montpellier"),
    ("Pays partenaire", "Chine"),
    ("Collectivité partenaire", "Chengdu"),
    ("Thématique", "Éducation"),
    ("Début", "1981"),
]
ARTICLE = "".join(
    f"<p>Paragraphe {n} : la délégation de Chengdu a été reçue par le maire au Corum de la ville ce jour.</p>"
    for n in range(12)
)


def page(inner, title="Un projet", head=""):
    """A synthetic page with navigation around it."""
    return (
        f"<!doctype html><html><head><meta charset=utf-8><title>{title}</title>{head}</head><body>"
        f"<header><a href=/>Le site</a></header>{NAVIGATION}<main>{inner}</main>"
        "<footer>Mentions légales</footer></body></html>"
    ).encode()


def read(body, **hints):
    """The extraction of a page."""
    return extract.read(body, Hints(**hints))


def table_of(pairs):
    """A table of labels and values."""
    return "<table>" + "".join(f"<tr><th>{a}</th><td>{b}</td></tr>" for a, b in pairs) + "</table>"


def list_of(pairs):
    """A definition list of labels and values."""
    return "<dl>" + "".join(f"<dt>{a}</dt><dd>{b}</dd>" for a, b in pairs) + "</dl>"


@pytest.mark.parametrize("shape", [table_of, list_of])
def test_labels_and_values_stay_together(shape):
    """An atlas page keeps each label on the line of its value, without the navigation."""
    found = read(page(f"<h1>Jumelage Montpellier – Chengdu</h1>{shape(PAIRS)}"))
    assert all(f"{label} | {value}" in found.text for label, value in PAIRS)
    assert ("Rubrique 7" in found.text, found.quality.verdict) == (False, "good")


def test_an_article_loses_its_navigation_and_keeps_its_heading():
    """The main text is read under the heading of the page."""
    found = read(page(f"<article><header><h1>Une délégation à Chengdu</h1></header>{ARTICLE}</article>"))
    assert found.text.startswith("Une délégation à Chengdu")
    assert ("Paragraphe 11" in found.text, "Rubrique 3" in found.text) == (True, False)
    assert (found.title.value, found.language) == ("Une délégation à Chengdu", "fr")


def test_equal_lines_are_all_kept():
    """Twenty acts with the same vote keep their twenty votes."""
    acts = "".join(
        f"<p>Délibération {n} : objet numéro {n} du conseil.</p><p>Adopté à l'unanimité.</p>" for n in range(20)
    )
    assert read(page(acts)).text.count("Adopté à l'unanimité.") == 20


def test_a_list_of_links_is_not_empty():
    """A listing that is collected keeps its lines."""
    links = "".join(f'<li><a href="/{n}.pdf">Séance du {n} mars 2022</a></li>' for n in range(1, 25))
    assert "Séance du 17 mars 2022" in read(page(f"<ul>{links}</ul>")).text


def test_the_published_date_of_metadata_has_its_role():
    """A press release is dated by its own metadata."""
    head = '<meta property="article:published_time" content="2024-10-23T10:00:00+02:00">'
    found = read(page(f"<article>{ARTICLE}</article>", head=head), captured_at="2024-11-01T00:00:00Z")
    assert (found.dates[0].role, found.dates[0].value, found.dates[0].found_in) == (
        "published",
        "2024-10-23",
        "metadata",
    )


def test_an_office_page_is_read_whole_and_named_by_its_act():
    """What a word processor exports has no navigation to lose and a useless title."""
    body = (
        '<html><head><meta name="generator" content="LibreOffice 5.0"><title>Microsoft Word - CM.doc</title></head>'
        "<body><p>COMPTE RENDU DU CONSEIL MUNICIPAL</p><p>SÉANCE DU 17 AVRIL 2013</p><p>Présents : 13</p><p>Oui</p>"
        "<p>Oui</p></body></html>"
    ).encode()
    found = read(body)
    assert found.title.value == "COMPTE RENDU DU CONSEIL MUNICIPAL SÉANCE DU 17 AVRIL 2013"
    assert (found.text.count("Oui"), found.act_type.value, found.dates[0].value) == (
        2,
        "compte_rendu",
        "2013-04-17",
    )


@pytest.mark.parametrize("depth", [200, 300, 2060, 5000])
def test_depth_does_not_swallow_the_page(depth):
    """A parser that gives up at 256 levels does not empty the page."""
    words = "Montpellier et Chengdu sont jumelées"
    assert words in read(f"<html><body>{'<div>' * depth}{words}{'</div>' * depth}".encode()).text


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "body",
    [
        "<p " + " ".join(f'a{n}="{n}"' for n in range(40_000)) + ">Bonjour Montpellier</p>",
        "<a href=x>lien</a> " * 60_000 + "Bonjour Montpellier",
        "<a " * 20_000 + "Bonjour Montpellier",
        "<!-- " * 3_000 + "Bonjour Montpellier",
        "<p>Bonjour Montpellier " + "mot " * 300_000,
        "<table>" * 600 + "Bonjour Montpellier",
        "<script>if (a</script><p>Bonjour Montpellier",
        "<style>x" + "<p>" * 30 + "</style><p>Bonjour Montpellier",
    ],
    ids=["attributes", "links", "unclosed", "comments", "long", "tables", "script", "style"],
)
def test_hostile_pages_end_and_keep_their_words(body):
    """Pages made to stall parsers end within seconds with their text."""
    assert "Bonjour Montpellier" in read(f"<html><body>{body}".encode()).text


@pytest.mark.parametrize("reference", ["&#1;", "&#31;", "&#x1f;", "&#xFFFE;", "&#11;", "&#x0;"])
def test_an_illegal_reference_costs_nothing(reference):
    """A page with an illegal reference has the text of the same page without it."""
    inner = ARTICLE.replace("Paragraphe 5", f"Paragraphe{reference} 5")
    assert read(page(inner)).text == read(page(ARTICLE)).text


def test_the_second_engine_reads_what_stalls_the_first():
    """The tags are taken out in one pass, and the doubt is told."""
    found = extract.read_otherwise(page(ARTICLE), Hints())
    assert ("Paragraphe 5" in found.text, found.quality.verdict, found.engine) == (
        True,
        "suspect",
        "tags removed",
    )


def test_a_page_that_shows_nothing_is_empty():
    """The shell of a JavaScript application has no text."""
    body = b"<!doctype html><html><head><title>App</title></head><body><div id=root></div><script>go()</script></body>"
    assert read(body).quality.verdict == "empty"


def test_real_pages_keep_their_words(real):
    """Pages whose true text is known keep 99 words of 100."""
    from bench.gold_recall import scores

    pages = [score for score in scores(real) if score.plain is None]
    assert min(score.ours[0] for score in pages) > 0.99
