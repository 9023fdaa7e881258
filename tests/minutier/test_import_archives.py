"""`minutier import` of web archives and saved pages: as crawled, exactly accounted for, and once."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

Run = Callable[..., subprocess.CompletedProcess[str]]
SITE = "https://town.example"


def prose(words: str) -> bytes:
    """Return a synthetic page."""
    text = f"<p>{words} Le conseil municipal approuve le jumelage, sur rapport de la commission.</p>" * 3
    return f"<!DOCTYPE html><html><head><title>{words}</title></head><body>{text}</body></html>".encode()


def warc(*answers: tuple[str, str, str, bytes], gzip: bool = True) -> bytes:
    """Return a WARC of answers: path, status line, content type, body."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=gzip)
    for path, status, kind, body in answers:
        headers = StatusAndHeaders(status, [("Content-Type", kind), ("Location", "/x")], protocol="HTTP/1.1")
        record = writer.create_warc_record(
            SITE + path,
            "response",
            payload=io.BytesIO(body),
            http_headers=headers,
            warc_headers_dict={"WARC-Date": "2024-05-27T10:00:00Z"},
        )
        writer.write_record(record)
    return out.getvalue()


MIXED = (
    ("/a", "200 OK", "text/html", prose("Page une")),
    ("/b", "200 OK", "text/html", prose("Page deux")),
    ("/logo.png", "200 OK", "image/png", b"\x89PNG"),
    ("/style.css", "200 OK", "text/css", b"p {}"),
    ("/old", "301 Moved", "text/html", b""),
    ("/none", "404 Not Found", "text/html", b"absent"),
    ("/robots.txt", "200 OK", "text/plain", b"User-agent: *"),
    ("/lies", "200 OK", "text/html", b"\x89PNG\r\n\x1a\n" + bytes(40)),
)


def run_of(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """Return the run that an import printed."""
    return json.loads(done.stdout)["runs"][0]


def test_a_warc_is_taken_record_by_record_and_once(run_minutier: Run, tmp_path: Path) -> None:
    """Pages are documents under their address and date; parts, redirects, errors are skips; again, nothing is new."""
    (tmp_path / "crawl.warc.gz").write_bytes(warc(*MIXED))
    done = run_minutier("import", "crawl.warc.gz", "--source", "town", "--json", cwd=tmp_path)
    run = run_of(done)
    assert (done.returncode, run["seen"], run["listings"], run["stored"], run["skipped"]) == (0, 9, 1, 2, 6), (
        done.stderr
    )
    shown = json.loads(run_minutier("show", f"{SITE}/a", "--json", cwd=tmp_path).stdout)
    assert (shown["url"], shown["captures"][0]["fetched_at"]) == (f"{SITE}/a", "2024-05-27T10:00:00Z")
    assert shown["provenance"] == {"file": "crawl.warc.gz", "address_found_in": "a web archive"}
    again = run_of(run_minutier("import", "crawl.warc.gz", "--source", "town", "--json", cwd=tmp_path))
    assert (again["unchanged"], again["stored"], again["skipped"]) == (2, 0, 6)
    skips = json.loads(run_minutier("skips", "--json", cwd=tmp_path).stdout)
    reasons = sorted(each["reason"] for each in (skips["skips"] if isinstance(skips, dict) else skips))
    assert reasons == ["http_404", "redirect", "type", "type", "type", "type"]


def test_an_error_in_one_archive_does_not_hide_the_page_in_another(run_minutier: Run, tmp_path: Path) -> None:
    """In a folder of archives a page counts although another has only its error; what comes twice is said to."""
    place = tmp_path / "in"
    place.mkdir()
    (place / "1.warc.gz").write_bytes(warc(("/a", "404 Not Found", "text/html", b"absent"), MIXED[1]))
    (place / "2.warc").write_bytes(warc(MIXED[0], MIXED[1], gzip=False))
    run = run_of(run_minutier("import", "in", "--source", "town", "--json", cwd=tmp_path))
    assert (run["seen"], run["listings"], run["stored"], run["skipped"]) == (5, 2, 2, 1)
    assert "again" in run_minutier("skips", "--json", cwd=tmp_path).stdout


def test_a_cut_warc_keeps_what_stands_before_the_cut(run_minutier: Run, tmp_path: Path) -> None:
    """The first page is stored, the alarm names the byte, the run is not complete."""
    whole = warc(MIXED[0], MIXED[1])
    (tmp_path / "cut.warc.gz").write_bytes(whole[:-60])
    done = run_minutier("import", "cut.warc.gz", "--source", "town", "--json", cwd=tmp_path)
    run = run_of(done)
    assert (done.returncode, run["outcome"]) == (1, "incomplete")
    second = whole.index(b"\x1f\x8b\x08", 10)
    assert f"byte {second} " in run["alarms"][0]["message"]
    found = run_minutier("show", f"{SITE}/a", cwd=tmp_path)
    assert (found.returncode, "Page une" in found.stdout) == (0, True)


def test_a_wacz_gives_its_pages_their_titles(run_minutier: Run, tmp_path: Path) -> None:
    """The WARC inside is read; the hash that is stated is compared."""
    inside = warc(MIXED[0], MIXED[2])
    for name, digest, outcome in (("good", hashlib.sha256(inside).hexdigest(), 0), ("bad", "0" * 64, 1)):
        with zipfile.ZipFile(tmp_path / f"{name}.wacz", "w") as packed:
            packed.writestr("archive/1.warc.gz", inside)
            packed.writestr("pages/pages.jsonl", json.dumps({"url": f"{SITE}/a", "title": "Titre noté"}))
            stated = [{"path": "archive/1.warc.gz", "hash": f"sha256:{digest}"}]
            packed.writestr("datapackage.json", json.dumps({"resources": stated}))
        done = run_minutier("import", f"{name}.wacz", "--source", name, "--json", cwd=tmp_path)
        assert done.returncode == outcome, done.stderr
        assert ("another hash" in done.stderr) == bool(outcome)
    shown = json.loads(run_minutier("show", f"{SITE}/a", "--json", cwd=tmp_path).stdout)
    assert shown["sources"] == ["bad", "good"]


def test_saved_pages_of_an_atlas_become_records(run_minutier: Run, tmp_path: Path) -> None:
    """A table of labels, a list of terms and a CSV, read by `record: cncd`; the parts of a page are put aside."""
    place = tmp_path / "atlas"
    (place / "fiche_files").mkdir(parents=True)
    (place / "fiche_files" / "logo.png").write_bytes(b"\x89PNG")
    facts = {"Identifiant": "4127", "Titre du projet": "Jumelage", "Chef de file": "Ville-sur-Exemple", "Pays": "Chine"}
    table = "".join(f"<tr><th>{name}</th><td>{value}</td></tr>" for name, value in facts.items())
    terms = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts.items()).replace("4127", "4128")
    saved = f"<!-- saved from url=(0029){SITE}/fiche/4127 -->"
    (place / "fiche.html").write_text(f"<!DOCTYPE html>\n{saved}\n<html><table>{table}</table></html>", "utf-8")
    (place / "liste.html").write_text(f"<html><dl>{terms}</dl></html>", "utf-8")
    rows = [";".join(facts), "4129;Coopération;Ville-sur-Exemple;Maroc", "4130;Eau;Ville-sur-Exemple;Mali"]
    (place / "projets.csv").write_text("\n".join(rows), "utf-8")
    (tmp_path / "sources.yaml").write_text(
        "version: 1\ncontact: a@example.org\nsources:\n  - {id: atlas, title: Atlas, kind: atlas, voice: state, "
        'spider: folder, path: [atlas], glob: "*.{html,csv,png}", record: cncd}\n',
        "utf-8",
    )
    done = run_minutier("crawl", "atlas", "--json", cwd=tmp_path)
    run = run_of(done)
    assert (done.returncode, run["stored"], run["skipped"]) == (0, 3, 1), done.stderr
    shown = json.loads(run_minutier("show", f"{SITE}/fiche/4127", "--json", cwd=tmp_path).stdout)
    assert [record["key"] for record in shown["records"]] == ["4127"]
    assert shown["provenance"] == {"file": "fiche.html", "address_found_in": "a comment of the browser"}
    for name, keys in (("liste.html", ["4128"]), ("projets.csv", ["4129", "4130"])):
        shown = json.loads(run_minutier("show", f"import:atlas/{name}", "--json", cwd=tmp_path).stdout)
        assert [record["key"] for record in shown["records"]] == keys
