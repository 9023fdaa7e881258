"""Roads that lead elsewhere: no address, redirect, rule or name takes a crawl to a machine that is not its source's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.hostile.conftest import Outcome, source
from tests.hostile.server import Hostile, good, hostile, listing, saying
from tests.loopback import Answer, page, paragraph

Crawl = Callable[..., Outcome]


def forms(own: Hostile, port: int) -> list[str]:
    """Return ways to spell an address of this machine, at another port."""
    return [
        f"http://127.0.0.1:{port}/a",
        f"http://localhost:{port}/b",
        f"http://localhost.:{port}/c",
        f"http://2130706433:{port}/d",
        f"http://0x7f000001:{port}/e",
        f"http://0177.0.0.1:{port}/f",
        f"http://127.1:{port}/g",
        f"http://[::1]:{port}/h",
        f"http://[::ffff:127.0.0.1]:{port}/i",
        f"http://[::ffff:7f00:1]:{port}/j",
        f"http://0.0.0.0:{port}/k",
        f"http://good@127.0.0.1:{port}/l",
        f"http://127.0.0.1:{own.port}@127.0.0.1:{port}/m",
        f"http://127.0.0.1:{own.port}\\@127.0.0.1:{port}/n",
        f"//127.0.0.1:{port}/o",
        f"http://rebound.example:{port}/p",
        "file:///etc/passwd",
        "ftp://127.0.0.1/q",
    ]


def test_no_spelling_of_this_machine_is_followed(impatient: Crawl) -> None:
    """Eighteen forms as links and as targets of redirects, a page that refreshes, a base: nobody else hears a thing."""
    with hostile(otherwise=lambda path: good(1)) as trap, hostile() as own:
        wanted = forms(own, trap.port)
        hops = {f"/hop/{n}": Answer(b"", 302, {"Location": form}) for n, form in enumerate(wanted)}
        chain = {"/chain/1": Answer(b"", 301, {"Location": "/chain/2"}), "/chain/2": hops["/hop/0"]}
        refresh = f'<meta http-equiv="refresh" content="0;url={trap.root}/r">'
        based = page("Base", f'<base href="{trap.root}/"><a class="document" href="z">Z</a>' + paragraph(4))
        own.routes |= hops | chain | {"/refresh": saying(refresh.encode() + good(7).body), "/based": based}
        own.routes["/list"] = listing(*wanted, *hops, "/chain/1", "/refresh", "/based")
        found = impatient(source("town", f"{own.root}/list"))
        assert trap.heard == []
        assert own.pages_asked.keys() - {f"/@127.0.0.1:{trap.port}/n"} == own.routes.keys() - {"/robots.txt"}
    refused = [skip for skip in found.skips.values() if skip["reason"] == "scope"]
    assert len(refused) >= len(hops) + 12
    assert (found.run["stored"], found.adds_up()) == (2, True)


def test_rules_and_sitemaps_lead_nowhere_else(impatient: Crawl) -> None:
    """A robots.txt that redirects to another machine forbids everything; a sitemap's foreign addresses are skips."""
    with hostile(otherwise=lambda path: good(1)) as trap, hostile() as first, hostile() as second:
        first.routes |= {"/robots.txt": Answer(b"", 301, {"Location": f"{trap.root}/robots.txt"})}
        locations = "".join(f"<url><loc>{form}</loc></url>" for form in forms(second, trap.port))
        body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{locations}<url><loc>{second.root}/d</loc>'
        second.routes |= {"/map.xml": saying(f"{body}</url></urlset>".encode()), "/d": good(2)}
        found = impatient(
            source("first", f"{first.root}/list"),
            source("second", f"{second.root}/map.xml", spider="sitemap", follow="{match: .}"),
        )
        assert trap.heard == []
        assert not first.pages_asked
    assert found.runs["first"]["outcome"] == "incomplete"
    assert (found.runs["second"]["stored"], found.adds_up()) == (1, True)


def test_a_name_that_leads_home_is_not_followed(impatient: Crawl) -> None:
    """A public name that resolves to this machine is refused where the connection takes its address."""
    with hostile({"/list": listing("/d")}) as server:
        found = impatient(source("town", f"http://town.example:{server.port}/list", "delay: 1"))
        assert server.heard == []
    assert (found.code, found.run["outcome"]) == (1, "incomplete")
    assert "127.0.0.1" in str(found.skips) or "robots" in str(found.skips)


def test_entities_open_no_file(impatient: Crawl, tmp_path: Path) -> None:
    """A sitemap and a page that name files of this machine, or unfold without end, give neither."""
    (tmp_path / "secret.txt").write_text("the secret of this machine", encoding="utf-8")
    secret = (tmp_path / "secret.txt").as_uri()
    inner = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    head = f'<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY x SYSTEM "{secret}"><!ENTITY l0 "lol">{inner}]>'
    with hostile() as server:
        body = (
            f"{head}<urlset><url><loc>{server.root}/d</loc></url><url><loc>{server.root}/&x;&l8;</loc></url></urlset>"
        )
        server.routes |= {
            "/map.xml": saying(body.encode(), content_type="application/xml"),
            "/d": saying(f"{head}<urlset><p>&x; &l8;</p></urlset>".encode(), content_type="application/xhtml+xml"),
        }
        found = impatient(source("town", f"{server.root}/map.xml", spider="sitemap", follow="{match: .}"))
        assert all("secret" not in path for path, _ in server.heard)
    database = (tmp_path / "corpus" / "corpus.db").read_bytes()
    assert b"the secret of this machine" not in database
    assert found.peak < 350 and found.adds_up()
