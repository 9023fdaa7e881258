"""The made-up town: the same bytes everywhere, a site that holds together, three changes on day 2."""

from __future__ import annotations

import hashlib
import http.client
import io
import re
import subprocess
import sys
from collections import Counter
from datetime import date
from email.utils import format_datetime
from urllib.parse import urljoin, urlsplit

import docx
import langdetect
import pypdfium2
import pytest
import trafilatura
import yaml
from parsel import Selector

from crawlers.spiders.listing import Options
from minutier.town import CHANGED, NEW, VANISHED, pages, scan, serve, sources_yaml
from minutier.town.model import DOCX, PDF
from minutier.town.texts import notice, read_texts
from storage.sources_file import load

DAYS = (1, 2)
SCAN = "/documents/archives/registre-1987-f042.pdf"
LIST = "/documents/2024/Liste-deliberations-CM-27-05-2024.docx"
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


@pytest.fixture(scope="module")
def town():
    """Day 1, served."""
    with serve() as running:
        yield running


@pytest.fixture(scope="module")
def day1():
    """The pages of day 1."""
    return pages(1)


@pytest.fixture(scope="module")
def day2():
    """The pages of day 2."""
    return pages(2)


def ask(town, path, method="GET", **headers):
    """Return the status, headers and body of one answer."""
    connection = http.client.HTTPConnection("127.0.0.1", town.port, timeout=10)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, response.headers, body


def hrefs(body, css="a::attr(href), link::attr(href)"):
    """Return the addresses a page names."""
    return Selector(text=body.decode("utf-8", "replace"), type="html").css(css).getall()


def read_pdf(body):
    """Return the text of each page of a PDF."""
    document = pypdfium2.PdfDocument(body)
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return texts


def by_type(site, media_type):
    """Return the pages of one type."""
    return [page for page in site.values() if page.media_type.startswith(media_type)]


def listed(site, start, css):
    """Return what a listing and its following pages name."""
    found = []
    while start:
        found += hrefs(site[start].body, css)
        start = next(iter(hrefs(site[start].body, "a[rel=next]::attr(href)")), None)
    return found


def fingerprint(site):
    """Return one hash over all bytes of a site."""
    joined = "\n".join(f"{path} {page.etag}" for path, page in sorted(site.items()))
    return hashlib.sha256(joined.encode()).hexdigest()


def test_the_same_bytes_in_another_process(day1):
    """A second process with another hash seed and time zone builds the same site."""
    code = (
        "import hashlib; from minutier.town import pages\n"
        "joined = '\\n'.join(f'{path} {page.etag}' for path, page in sorted(pages(1).items()))\n"
        "print(hashlib.sha256(joined.encode()).hexdigest())"
    )
    environment = {
        "PYTHONHASHSEED": "7",
        "TZ": "Asia/Shanghai",
        "PYTHONPATH": ":".join(filter(None, sys.path)),
    }
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert fingerprint(day1) == done.stdout.strip()


def test_no_day_but_two():
    """A day that does not exist is refused in one sentence."""
    with pytest.raises(ValueError, match="no day 3"):
        pages(3)


@pytest.mark.parametrize("day", DAYS)
def test_every_link_leads_somewhere(day):
    """A crawler that follows every link of a day finds all its pages and no dead end."""
    with serve(day=day) as town:
        waiting, seen = ["/"], {"/robots.txt"}
        while waiting:
            path = waiting.pop()
            if path in seen:
                continue
            seen.add(path)
            status, headers, body = ask(town, path)
            assert (path, status) == (path, 200)
            if headers["Content-Type"].startswith("text/html"):
                here = [urlsplit(urljoin(town.root_url + path, href)) for href in hrefs(body)]
                waiting += [link.path for link in here if link.netloc == f"127.0.0.1:{town.port}"]
    assert seen == set(pages(day))


@pytest.mark.parametrize("day", DAYS)
def test_what_the_listings_name(day, day1, day2):
    """Thirteen addresses of minutes, one forbidden, one elsewhere; eight records; fourteen press pages."""
    site = day1 if day == 1 else day2
    minutes = listed(site, "/conseil-municipal/", "a.document::attr(href)")
    assert len(minutes) == len(set(minutes)) == 15
    assert [link for link in minutes if link.startswith("http")] == [
        "http://prefecture.example.invalid/recueil/arrete-2023-118.pdf"
    ]
    assert [link for link in minutes if link.startswith("/prive/")] == ["/prive/huis-clos-08-04-2024.pdf"]
    assert len(listed(site, "/atlas/", "a.fiche::attr(href)")) == 8
    assert len(listed(site, "/presse/", "a.communique::attr(href)")) == 14


def test_one_document_has_two_addresses(day1):
    """The minutes of 27 May 2024 are listed on the first and the last page, under different addresses."""
    first, second = "/documents/2024/PV-CM-27-05-2024.pdf", "/telechargements/1106_001.pdf"
    assert first in hrefs(day1["/conseil-municipal/"].body)
    assert second in hrefs(day1["/conseil-municipal/page/3/"].body)
    assert day1[first].body == day1[second].body


def test_day_2_differs_in_three_documents(day1, day2):
    """One changed, one vanished, one is new; besides them only the two listings that say so differ."""
    assert set(day1) - set(day2) == {VANISHED}
    assert set(day2) - set(day1) == {NEW}
    changed = {path for path in set(day1) & set(day2) if day1[path].etag != day2[path].etag}
    assert changed == {CHANGED, "/conseil-municipal/", "/conseil-municipal/page/2/"}


def test_the_correction_is_small(day1, day2):
    """The corrected press release differs by an amount and a date."""
    before, after = (site[CHANGED].body.decode().splitlines() for site in (day1, day2))
    differing = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert len(differing) == 1
    old, new = differing[0]
    assert old.replace("12 400", "14 200").replace("au 20 octobre", "au 21 octobre") == new
    assert day1[CHANGED].last_modified < day2[CHANGED].last_modified


def test_minutes_are_pdfs_of_several_pages(day1):
    """PDFium reads each PDF, finds text on each page, and each foot says that it is synthetic."""
    counts = Counter()
    for page in by_type(day1, PDF):
        if page.path != SCAN and not page.path.startswith("/prive/"):
            texts = read_pdf(page.body)
            counts[len(texts)] += 1
            assert all(notice("fr") in text.replace("\r\n", " ") for text in texts)
    assert set(counts) <= {2, 3, 4, 5}
    assert counts.total() == 11


def test_accents_and_ligatures_survive_in_pdf(day1):
    """The letters of French come out of the PDF as they went in."""
    text = "\n".join(read_pdf(day1["/documents/2024/PV-CM-27-05-2024.pdf"].body))
    for words in ("mise en œuvre", "coopération décentralisée", "Délibération n° 2024-031", "L. 1115-1", "«"):
        assert words in re.sub(r"\s+", " ", text)


def test_the_scan_is_a_picture(day1):
    """The register of 1987 has one page, one picture, no text, and weighs less than 150 kB."""
    body = day1[SCAN].body
    document = pypdfium2.PdfDocument(body)
    kinds = [thing.type for thing in document[0].get_objects()]
    document.close()
    assert kinds == [pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]
    assert read_pdf(body) == [""]
    assert len(body) < 150_000


def test_the_scan_shows_its_text(day1):
    """The picture kept beside the texts is the one that its text draws, but for a few pixels."""
    kept, drawn = (picture(body) for body in (day1[SCAN].body, scan.redraw()))
    assert kept.size == drawn.size
    differences = [abs(a - b) for a, b in zip(kept.tobytes(), drawn.tobytes(), strict=True)]
    assert sum(differences) / len(differences) < 3


def picture(body):
    """Return the first page of a PDF as a small grey picture."""
    document = pypdfium2.PdfDocument(body)
    found = document[0].render(scale=0.5, grayscale=True).to_pil().convert("L")
    document.close()
    return found


def test_the_word_document_opens(day1):
    """python-docx reads the list of deliberations with its table and its foot."""
    page = day1[LIST]
    document = docx.Document(io.BytesIO(page.body))
    assert page.media_type == DOCX
    assert [row.cells[0].text for row in document.tables[0].rows][1:] == [f"2024-0{n}" for n in range(29, 34)]
    assert document.sections[0].footer.paragraphs[0].text == notice("fr")


@pytest.mark.parametrize("day", DAYS)
def test_every_web_page_says_it_is_synthetic(day, day1, day2):
    """The foot of each HTML page says, in its own language, that all is invented."""
    for page in by_type(day1 if day == 1 else day2, "text/html"):
        html = page.body.decode(page.media_type.rpartition("=")[2])
        language = Selector(text=html).css("html::attr(lang)").get()
        assert Selector(text=html).css("footer p::text").get() == notice(language)


def test_five_languages_in_the_press(day1):
    """Five French pages, three Chinese, two each in English, Occitan and Catalan, and they read as such."""
    said, read = Counter(), Counter()
    langdetect.DetectorFactory.seed = 0
    for path in listed(day1, "/presse/", "a.communique::attr(href)"):
        page = day1[path]
        html = page.body.decode(page.media_type.rpartition("=")[2])
        text = trafilatura.extract(page.body, include_comments=False)
        said[Selector(text=html).css("html::attr(lang)").get()] += 1
        read[langdetect.detect(text)] += 1
        assert "Minutier" not in text
    assert said == {"fr": 5, "zh": 3, "en": 2, "oc": 2, "ca": 2}
    # This detector knows no Occitan, and takes it for its neighbour.
    assert read == {"fr": 5, "zh-cn": 3, "en": 2, "ca": 4}


@pytest.mark.parametrize("language", ["fr", "zh", "en", "oc", "ca"])
def test_press_texts_are_long_enough(language):
    """A press text has 120 words, a Chinese one 150 characters, so that its language can be told."""
    for text in read_texts("press", 1):
        if text.facts["language"] == language:
            body = " ".join(block.text for block in text.blocks if block.kind == "text")
            size, least = (len(body), 150) if language == "zh" else (len(body.split()), 120)
            assert size >= least, text.name


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ["jumelage", "jumelages", "coopération décentralisée", "mise en œuvre"]),
        ("zh", ["友好城市"]),
        ("en", ["twinning", "decentralised cooperation"]),
        ("oc", ["girmanatge", "jumelatge"]),
        ("ca", ["agermanament", "cooperació descentralitzada"]),
    ],
)
def test_the_field_s_words_occur(language, words):
    """Each language has the words that a search in it begins with."""
    texts = [text for text in read_texts("press", 1) if text.facts["language"] == language]
    whole = " ".join(block.text for text in texts for block in text.blocks)
    assert [word for word in words if word not in whole] == []


def test_one_press_text_at_two_pages(day1):
    """The printable version has other bytes and the same words."""
    pair = [day1[f"/presse/{folder}/marche-des-villes-jumelles.html"].body for folder in ("2023", "imprimer")]
    first, second = (trafilatura.extract(body, include_comments=False) for body in pair)
    assert pair[0] != pair[1]
    assert first == second


def test_founding_dates_disagree(day1):
    """The minutes found the twinning in 1986, the atlas in 1987."""
    minutes = " ".join(" ".join(read_pdf(day1["/documents/2016/CR-CM-17-10-2016.pdf"].body)).split())
    record = Selector(text=day1["/atlas/projet/4127"].body.decode())
    assert "le jumelage fondé en 1986" in minutes
    assert record.xpath("//th[.='Année de début']/following-sibling::td/text()").get() == "1987"


def test_atlas_records_come_in_two_shapes(day1):
    """Four records are tables, four are definition lists, and each names its country."""
    shapes = Counter()
    for path in listed(day1, "/atlas/", "a.fiche::attr(href)"):
        record = Selector(text=day1[path].body.decode())
        labels = record.css("main th::text, main dt::text").getall()
        values = record.css("main td::text, main dd::text").getall()
        assert len(labels) == len(values)
        assert "Pays partenaire" in labels
        shapes["table" if record.css("main table") else "dl"] += 1
    assert shapes == {"table": 4, "dl": 4}


@pytest.mark.parametrize("folder", ["minutes", "press"])
def test_dates_fall_on_the_weekday_they_name(folder):
    """« lundi 27 mai 2024 » was a Monday: every full date in the texts is possible."""
    form = re.compile(rf"({'|'.join(WEEKDAYS)}) (\d+)(?:er)? ({'|'.join(MONTHS)}) (\d{{4}})", re.IGNORECASE)
    found = 0
    for text in read_texts(folder, 2):
        for weekday, day, month, year in form.findall("\n".join(block.text for block in text.blocks)):
            found += 1
            then = date(int(year), MONTHS.index(month.lower()) + 1, int(day))
            assert (text.name, WEEKDAYS[then.weekday()]) == (text.name, weekday.lower())
    assert found >= {"minutes": 14, "press": 1}[folder]


def test_votes_add_up():
    """The votes of each deliberation make as many as the séance counted voters."""
    counted = 0
    for text in read_texts("minutes", 1):
        whole = "\n".join(block.text for block in text.blocks)
        voters = int((re.search(r"Votants : (\d+)", whole) or [0, "23"])[1])
        for votes in re.findall(r"Pour : (\d+) / Contre : (\d+|/|néant) / Abstentions : (\d+)", whole):
            counted += 1
            assert (text.name, sum(int(n) for n in votes if n.isdigit())) == (text.name, voters)
    assert counted >= 20


def test_a_known_page_is_answered_by_304(town):
    """Entity tag or date: a client that has the page gets no body, one that has another gets it whole."""
    path = "/presse/2023/gardeners-exchange.html"
    page = town.site[path]
    then = format_datetime(page.last_modified, usegmt=True)
    assert ask(town, path, If_None_Match=page.etag)[::2] == (304, b"")
    assert ask(town, path, If_None_Match=f'"other", W/{page.etag}')[0] == 304
    assert ask(town, path, If_Modified_Since=then)[0] == 304
    assert ask(town, path, If_None_Match='"other"', If_Modified_Since=then)[::2] == (200, page.body)
    assert ask(town, path, If_Modified_Since="yesterday")[0] == 200


def test_the_second_day_answers_304_but_for_what_changed(day1):
    """With the tags of day 1, day 2 sends anew the changed document and two listings, and misses one."""
    with serve(day=2) as town:
        answers = {path: ask(town, path, If_None_Match=page.etag)[0] for path, page in day1.items()}
    assert answers.pop(VANISHED) == 404
    assert {path for path, status in answers.items() if status != 304} == {
        CHANGED, "/conseil-municipal/", "/conseil-municipal/page/2/",
    }  # fmt: skip


def test_head_sends_no_body(town):
    """HEAD gives the length and nothing to read."""
    status, headers, body = ask(town, LIST, method="HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) == len(town.site[LIST].body)


def test_an_unknown_address_is_404(town):
    """What is not there is a page that says so."""
    status, headers, body = ask(town, "/nulle-part")
    assert (status, headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "Page introuvable" in body.decode()


def test_robots_keep_out_of_prive(town):
    """robots.txt forbids one folder and asks for no delay."""
    text = ask(town, "/robots.txt")[2].decode()
    assert "User-agent: *\nDisallow: /prive/\n" in text
    assert "Crawl-delay" not in text


def test_one_connection_serves_many_requests(town):
    """The server speaks HTTP/1.1 and keeps a connection open, through a 304 and a 404 too."""
    connection = http.client.HTTPConnection("127.0.0.1", town.port, timeout=10)
    sockets = set()
    for path in ("/", "/nulle-part", "/presse/"):
        connection.request("GET", path, headers={"If-None-Match": town.site["/"].etag})
        connection.getresponse().read()
        sockets.add(connection.sock)
    connection.close()
    assert len(sockets) == 1
    assert None not in sockets


def test_requests_are_remembered(town, capfd):
    """Method, path, status, user agent and time of a request are kept, and nothing is printed."""
    ask(town, "/atlas/", User_Agent="Examiner/1")
    method, path, status, agent, time = town.requests[-1]
    assert (method, path, status, agent) == ("GET", "/atlas/", 200, "Examiner/1")
    assert time > 1_700_000_000
    assert capfd.readouterr() == ("", "")


def test_a_taken_port_is_named(town):
    """A second town on the same port is refused with the port's number."""
    with pytest.raises(OSError, match=f"Port {town.port} of 127.0.0.1 is taken"), serve(port=town.port):
        pass


def test_the_same_port_again_for_the_second_day():
    """A demo finds its port free again as soon as the first one has ended."""
    with serve() as first:
        ask(first, "/")
    with serve(port=first.port, day=2) as second:
        assert ask(second, NEW)[0] == 200
    assert first.root_url == second.root_url


def test_the_registry_names_three_sources_on_the_loopback(day1):
    """sources.yaml has three enabled sources that start where the town has its listings."""
    registry = yaml.safe_load(sources_yaml(8765))
    sources = {source["kind"]: source for source in registry["sources"]}
    assert set(sources) == {"council_minutes", "atlas", "press"}
    assert all(source["enabled"] for source in sources.values())
    for source in sources.values():
        start = urlsplit(source["start"][0])
        assert start.netloc == "127.0.0.1:8765"
        assert start.path in day1
    assert sources["press"]["languages"] == ["fr", "zh", "en", "oc", "ca"]
    assert re.search(sources["atlas"]["follow"]["match"], "http://127.0.0.1:8765/atlas/projet/4127")


def test_the_registry_is_accepted(tmp_path):
    """The reader of sources.yaml takes the town's registry without an objection."""
    file = tmp_path / "sources.yaml"
    file.write_text(sources_yaml(8765), encoding="utf-8")
    registry = load(file, {"listing": Options}, records=["cncd"])
    assert [source.id for source in registry.sources] == ["town-minutes", "town-atlas", "town-press"]
    assert [source.expect.min for source in registry.sources] == [10, 6, 10]
