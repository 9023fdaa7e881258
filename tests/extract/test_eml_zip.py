"""Files inside files: archives, letters with what they carry, pages saved by a browser."""

import io
import zipfile
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.clean import clean
from extract.formats import eml, zip
from extract.model import Hints
from extract.office import members
from extract.sniff import media_type
from tests.extract.conftest import docx_of, pdf_of, zip_of
from tests.extract.making_office import bare_doc


def unzip(body):
    """The extraction of an archive."""
    return zip.read(body, Hints())


def letter_of(
    *, subject="Délibérations du 27 mai", words="Veuillez trouver la liste ci-jointe.", page="", carried=None
):
    """A letter with attachments by name."""
    letter = EmailMessage()
    letter["Subject"] = subject
    letter["From"] = "mairie@example.org"
    letter["Date"] = "Mon, 27 May 2024 18:30:00 +0200"
    letter.set_content(words)
    if page:
        letter.add_alternative(page, subtype="html")
    for name, body in (carried or {}).items():
        letter.add_attachment(body, maintype="application", subtype="octet-stream", filename=name)
    return letter.as_bytes()


def test_the_members_of_an_archive_stand_under_their_names():
    """Each format is read by its own reader; what a system adds is left out."""
    found = unzip(
        zip_of(
            {
                "séance/pv.docx": docx_of("Le conseil", [["Pour", "19"], ["Contre", "0"]]),
                "votes.csv": "a;b;c\n1;2;3\n",
                "__MACOSX/._pv.docx": "x",
                "Thumbs.db": "x",
            }
        )
    )
    assert found.text == "[séance/pv.docx]\n\nLe conseil\nPour | 19\nContre | 0\n\n[votes.csv]\n\na | b | c\n1 | 2 | 3"
    assert clean(found.text) == found.text
    spans = [found.text[table.start : table.end] for table in found.tables]
    assert spans == ["Pour | 19\nContre | 0", "a | b | c\n1 | 2 | 3"]
    assert (found.quality.verdict, found.quality.figures["members"], found.quality.figures["unread"]) == ("good", 2, 0)


def test_one_bad_member_does_not_spoil_the_others():
    """It is named with its reason, and the whole is suspect."""
    found = unzip(zip_of({"a.txt": "Bonjour", "b.docx": docx_of("x")[:-300], "c.ps": b"%!PS x", "d.txt": "Fin"}))
    assert (found.quality.verdict, found.quality.figures["unread"]) == ("suspect", 2)
    assert "Bonjour" in found.text and found.text.endswith("[d.txt]\n\nFin")
    assert [reason.split(":")[1].strip() for reason in found.quality.reasons] == ["b.docx", "c.ps"]


def test_scans_in_an_archive_wait_for_ocr():
    """What one member needs, the archive needs."""
    scan = pdf_of("", picture=True)
    assert unzip(zip_of({"a.txt": "Bonjour", "scan.pdf": scan})).quality.needs_ocr


def flagged(body, flag):
    """An archive whose every member has this flag, in its head and in the directory."""
    changed = bytearray(body)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := body.find(mark, start + 1)) >= 0:
            changed[start + place] |= flag
    return bytes(changed)


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        (flagged(zip_of({"a.txt": "x", "b.txt": "y"}), 1), "encrypted"),
        (zip_of({}), "empty"),
        (zip_of({"a.ps": b"%!PS x"}), "unsupported"),
        (zip_of({"a.txt": "x" * 400})[:-30], "corrupt"),
        (zip_of({"a.txt": "0" * 2**24}), "corrupt"),
        (zip_of({"a.txt": "   "}), "empty"),
    ],
    ids=["password", "nothing", "drawing", "cut", "bomb", "blank"],
)
def test_an_archive_without_text_says_why(body, verdict):
    """The verdict is that of its members, or of the archive itself."""
    found = unzip(body)
    assert (found.quality.verdict, found.text) == (verdict, "")


def test_a_directory_that_lies_is_a_verdict():
    """Sizes, names and places in the directory are changed; nothing raises, and no more is read than it says."""
    body = zip_of({"a.txt": "Bonjour " * 50, "b.txt": "Bonsoir"})
    directory = body.index(b"PK\x01\x02")
    for place in range(directory, len(body)):
        changed = bytearray(body)
        changed[place] ^= 0xFF
        found = unzip(bytes(changed))
        assert found.quality.verdict in ("good", "suspect", "corrupt", "encrypted", "empty", "unsupported", "memory")
        assert len(found.text) < 2_000


def test_archives_in_archives_end():
    """Two levels are opened; what lies deeper is named."""
    body = zip_of({"fond.txt": "Trésor"})
    for depth in range(4):
        body = zip_of({f"{depth}.zip": body})
    found = unzip(body)
    assert "Trésor" not in found.text and "too deep" in found.quality.reasons[0]
    assert "Trésor" in unzip(zip_of({"b.zip": zip_of({"fond.txt": "Trésor"})})).text


def test_the_limits_hold_for_all_levels_together(monkeypatch):
    """Members are counted over all archives inside one, and so are their bytes."""
    inner = zip_of({f"{n}.txt": "Bonjour" for n in range(150)})
    found = unzip(zip_of({"a.zip": inner, "b.zip": inner, "c.txt": "Fin"}))
    assert found.text.count("Bonjour") == members.MAX_MEMBERS - 2
    assert found.quality.verdict == "suspect"
    assert unzip(zip_of({f"{n}.txt": "x" for n in range(20_001)})).quality.verdict == "corrupt"


def test_names_of_windows_are_read():
    """Without the flag of UTF-8, a name is UTF-8 all the same or in the code page of a French Windows."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("s?ance.txt", "Bonjour")
    assert "[séance.txt]" in unzip(out.getvalue().replace(b"s?ance", b"s\x82ance")).text
    assert "[Été.txt]" in unzip(zip_of({"Été.txt": "a"})).text


# ------------------------------------------------------------------------------------------------------------ .eml


def test_a_letter_is_its_subject_its_words_and_its_attachments():
    """The day it was sent is a date of publication; addresses are no text."""
    body = letter_of(carried={"Liste n° 3.docx": docx_of("Jumelage avec Jiwan"), "logo.ps": b"%!PS x"})
    assert media_type(body) == "message/rfc822"
    found = eml.read(body, Hints())
    assert found.text == (
        "Délibérations du 27 mai\n\nVeuillez trouver la liste ci-jointe.\n\n[Liste n° 3.docx]\n\nJumelage avec Jiwan"
        "\n\n[logo.ps]"
    )
    assert (found.title.value, found.title.found_in) == ("Délibérations du 27 mai", "metadata")
    assert [(date.role, date.value) for date in found.dates] == [("published", "2024-05-27")]
    assert (found.quality.verdict, found.quality.figures["members"], found.quality.figures["unread"]) == (
        "suspect",
        2,
        1,
    )


def test_a_letter_in_two_forms_is_told_once():
    """Plain text is preferred; a letter with HTML only is read from it."""
    page = "<html><body><p>Le conseil municipal a <b>voté</b> le jumelage.</p></body></html>"
    assert eml.read(letter_of(page=page), Hints()).text.count("\n\n") == 1
    only = letter_of(words=" ", page=page)
    assert eml.read(only, Hints()).text.endswith("Le conseil municipal a voté le jumelage.")
    assert eml.read(letter_of(), Hints()).quality.verdict == "good"


def test_a_page_saved_by_a_browser_is_its_page():
    """The pictures and styles saved with it are not read."""
    body = (
        b"From: <Saved by Blink>\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/html; charset=windows-1252\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        b"<html><body><p>S=E9ance du 27 mai 2024 du conseil municipal</p></body></html>\r\n"
        b"--b\r\nContent-Type: image/png\r\n\r\nxxx\r\n--b--\r\n"
    )
    assert media_type(body) == "multipart/related"
    found = eml.read(body, Hints())
    assert (found.text, found.extractor) == ("Séance du 27 mai 2024 du conseil municipal", "html")
    assert eml.read(body.replace(b"text/html; charset", b"text/x; charset"), Hints()).quality.verdict == "corrupt"


@pytest.mark.parametrize(
    "head",
    [
        b"Subject: =?utf-8?q?=FF=FE?=\r\n",
        b"Subject: =?no-such-code?b?AAAA?=\r\n",
        b"Content-Type: text/plain; charset=no-such-code\r\n",
        b"Content-Type: text/plain; charset*=utf-8''%ff%ff; name*0*=x\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Transfer-Encoding: uuencode\r\n",
        b"Date: 99 Foo 99999 99:99:99 +9999\r\n",
        b"Content-Type: multipart/mixed; boundary=\r\n",
        b'Content-Disposition: attachment; filename="../../etc/passwd"\r\n',
    ],
)
def test_broken_letters_have_a_verdict(head):
    """No header raises, no name leads anywhere."""
    found = eml.read(b"MIME-Version: 1.0\r\n" + head + b"\r\nBonjour \xe9", Hints())
    assert found.quality.verdict in ("good", "suspect", "corrupt", "empty")


def test_parts_in_parts_without_end_are_a_verdict():
    """A thousand levels of parts do not exhaust the reader."""
    body = b"MIME-Version: 1.0\r\n"
    body += b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(1_000))
    assert eml.read(body, Hints()).quality.verdict in ("corrupt", "empty")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([letter_of(), zip_of({"a.txt": "Bonjour"}), bare_doc()]), st.data())
def test_damaged_files_never_raise(noise, seed, draw):
    """A letter or an archive with some of its bytes replaced has a verdict."""
    place = draw.draw(st.integers(0, len(seed)))
    body = seed[:place] + noise + seed[place + len(noise) :]
    for reader in (eml, zip):
        assert reader.read(body or b"x", Hints()).quality.verdict
