"""Probes of sites that mean no good: they end soon, ask for little, go nowhere else, and hold little in memory."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from tests.hostile.server import Hostile, Route, good, hostile, saying
from tests.loopback import Answer, page

EMPTY = "version: 1\ncontact: somebody@univ-nowhere.fr\ndefaults: {delay: 0}\nsources: []\n"


def probed(folder: Path, server: Hostile) -> tuple[int, dict, str]:
    """Probe a server; return exit code, what --json says, and what was said beside it."""
    (folder / "sources.yaml").write_text(EMPTY, encoding="utf-8")
    command = [sys.executable, "-m", "tests.hostile.impatient", "{}", "probe", f"{server.root}/", "--json"]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=110, check=False
    )
    return done.returncode, json.loads(done.stdout) if done.stdout else {}, done.stderr


def warren(path: str) -> Route | None:
    """Return a page of fifteen thousand links to pages that are like it."""
    if not path.startswith("/deliberations"):
        return None
    rows = (
        f'<li><a href="/deliberations{path[14:40]}/{n}">Délibération du 3 mai 2024, {n}</a></li>' for n in range(15_000)
    )
    return page("Délibérations", f"<ul>{''.join(rows)}</ul>")


def test_a_warren_of_links_a_bomb_and_roads_elsewhere(tmp_path: Path) -> None:
    """Links without end, a sitemap that unpacks to millions of elements, redirects into private networks: it ends."""
    with hostile(otherwise=lambda path: good(1)) as trap, hostile(otherwise=warren) as own:
        bomb = gzip.compress(b"<urlset>" + b"<url/>" * 8_000_000 + b"</urlset>", 9)
        places = (
            "http://169.254.169.254/latest",
            "http://10.0.0.1/",
            f"{trap.root}/x",
            "http://[::1]/",
            "file:///etc/passwd",
        )
        hops = {f"/deliberations-{n}": Answer(b"", 302, {"Location": place}) for n, place in enumerate(places)}
        rows = "".join(
            f'<li><a href="{each}">Délibérations du conseil</a></li>' for each in (*hops, "/deliberations", *places)
        )
        robots = f"User-agent: *\nAllow: /\nSitemap: {own.root}/bomb.xml.gz\nSitemap: {trap.root}/sitemap.xml\n"
        own.routes |= hops | {
            "/": page("Ville", f"<ul>{rows}</ul>"),
            "/bomb.xml.gz": saying(bomb, content_type="application/gzip"),
            "/robots.txt": Answer(robots.encode(), headers={"Content-Type": "text/plain"}),
        }
        code, told, said = probed(tmp_path, own)
        assert (trap.heard, "Traceback" in said) == ([], False)
        assert len(own.heard) <= 30 and "/bomb.xml.gz" in own.pages_asked
        assert len(hops.keys() & own.pages_asked.keys()) == 3, "of many links alike a few are followed"
    assert code in (0, 1) and told["considered"] is not None
    assert int(said.rstrip().rpartition("peak ")[2]) < 700


def test_a_robots_txt_without_end_forbids_everything(tmp_path: Path) -> None:
    """Rules of a hundred megabytes, or of five: no page is asked for, and the reason is a sentence."""

    def endless(speaker: BaseHTTPRequestHandler) -> None:
        speaker.send_response(200)
        speaker.send_header("Content-Type", "text/plain")
        speaker.send_header("Content-Length", str(100 * 2**20))
        speaker.end_headers()
        for _ in range(1600):
            speaker.wfile.write(b"Allow: /deliberations\n" * 3000)

    rules = Answer(b"User-agent: *\nAllow: /\n" + b"Allow: /deliberations\n" * 230_000, headers={})
    for number, route in enumerate((endless, rules)):
        with hostile({"/robots.txt": route, "/": page("Ville", "<p>rien</p>")}) as own:
            place = tmp_path / str(number)
            place.mkdir()
            code, _, said = probed(place, own)
            assert set(own.pages_asked) == set()
        assert (code, "Traceback" in said) == (1, False)
