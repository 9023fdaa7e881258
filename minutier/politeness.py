"""The account of politeness as people read it: lines for a terminal, a page for a town hall, in two languages."""

from __future__ import annotations

from html import escape
from typing import Any

from protego import Protego

from minutier.agreeing import agreed
from storage import politeness
from storage.store import Store

WORDS = {
    "en": {
        "title": "What was asked of {host}",
        "intro": "Every figure comes from the answers that were kept. A pause lies between two requests, as sent.",
        "who": "who asked",
        "sources": "for",
        "days": "days",
        "requests": "requests",
        "documents": "documents",
        "listings": "listings",
        "robots": "robots.txt",
        "reservations": "file of TDM reservations",
        "redirects": "redirects",
        "probes": "checks for “not found” pages",
        "unanswered": "without an answer",
        "retries": "asked again",
        "pauses": "pauses",
        "pause_line": "{measured} measured, shortest {shortest} s, median {median} s; promised {promised} s, "
        "shorter than promised: {below}",
        "rules": "rules were read and kept",
        "no_rules": "there are no rules",
        "forbidden": "could not be read: no page was asked for",
        "not_asked": "not asked for yet",
        "crawl_delay": "Crawl-delay {crawl_delay} s",
        "retry_after": "“come back later”",
        "retry_line": "asked {asked} time[|s], kept {kept}, longest {longest} s, left to a later run "
        "{left_to_a_later_run}",
        "not_modified": "“not modified”",
        "bytes": "bytes received (unpacked)",
        "statuses": "answers",
        "errors": "failures",
        "reserved": "reservations met",
        "none": "none",
        "between": "{days}, from {first_day} to {last_day}",
    },
    "fr": {
        "title": "Ce qui a été demandé à {host}",
        "intro": "Chaque chiffre vient des réponses conservées. Une pause sépare l'envoi de deux requêtes.",
        "who": "qui a demandé",
        "sources": "pour",
        "days": "jours",
        "requests": "requêtes",
        "documents": "documents",
        "listings": "pages de liste",
        "robots": "robots.txt",
        "reservations": "fichier des réserves de fouille (TDM)",
        "redirects": "redirections",
        "probes": "vérifications des pages « introuvables »",
        "unanswered": "sans réponse",
        "retries": "demandées à nouveau",
        "pauses": "pauses",
        "pause_line": "{measured} mesurée[|s], la plus courte {shortest} s, médiane {median} s ; promise : {promised} s"
        ", plus courtes que promis : {below}",
        "rules": "règles lues et respectées",
        "no_rules": "aucune règle",
        "forbidden": "illisible : aucune page n'a été demandée",
        "not_asked": "pas encore demandé",
        "crawl_delay": "Crawl-delay : {crawl_delay} s",
        "retry_after": "« revenez plus tard »",
        "retry_line": "demandé {asked} fois, respecté {kept} fois, au plus {longest} s, laissé à une visite suivante : "
        "{left_to_a_later_run}",
        "not_modified": "« non modifié »",
        "bytes": "octets reçus (décompressés)",
        "statuses": "réponses",
        "errors": "échecs",
        "reserved": "réserves rencontrées",
        "none": "aucune",
        "between": "{days}, du {first_day} au {last_day}",
    },
}
STYLE = (
    "body{font:16px/1.5 serif;max-width:46em;margin:2em auto}th{text-align:left;padding-right:1.5em;vertical-align:top}"
)


def accounts(store: Store, sources: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Return the figures of each host, with the Crawl-delay that the robots.txt last seen wishes."""
    with store.reading() as connection:
        hosts = politeness.hosts(connection, sources)
    return [politeness.account(host, wished_delay(store, host.robots.get("blob"), host.agent)) for host in hosts]


def wished_delay(store: Store, blob: str | None, agent: str) -> float:
    """Return the Crawl-delay of a robots.txt that was kept, 0 where it wishes none."""
    if not blob:
        return 0.0
    rules = Protego.parse(store.blobs.read(blob).decode("utf-8", "replace"))
    return float(rules.crawl_delay(agent or "Minutier") or 0)


def lines(host: dict[str, Any], lang: str) -> list[tuple[str, str]]:
    """Return one host's figures as pairs of a label and words."""
    say = WORDS[lang]

    def counted(figures: dict[str, int]) -> str:
        return ", ".join(f"{name} {n}" for name, n in figures.items()) or say["none"]

    parts = {say[name]: n for name, n in host["requests"].items() if name != "total" and n}
    robots = host["robots"]
    verdict = ", ".join(filter(None, [say[robots["verdict"]], str(robots["status"] or ""), robots["asked_at"]])) + (
        f"; {say['crawl_delay'].format(**robots)}" if robots["crawl_delay"] else ""
    )
    return [
        (say["who"], host["user_agent"]),
        (say["sources"], ", ".join(host["sources"])),
        (say["days"], say["between"].format(**host)),
        (say["requests"], f"{host['requests']['total']}: {counted(parts)}"),
        (say["pauses"], agreed(say["pause_line"], host["pauses"], lang)),
        (say["robots"], verdict),
        (say["retry_after"], agreed(say["retry_line"], host["retry_after"], lang)),
        (say["not_modified"], f"{host['not_modified']:.0%}"),
        (say["bytes"], f"{host['bytes']:,}".replace(",", "\u202f" if lang == "fr" else ",")),
        (say["statuses"], counted(host["statuses"])),
        (say["errors"], counted(host["errors"])),
        (say["reserved"], counted(host["reserved"])),
    ]


def page(hosts: list[dict[str, Any]], lang: str) -> str:
    """Return the account of some hosts as one self-contained HTML page."""
    say = WORDS[lang]
    names = ", ".join(host["host"] for host in hosts)
    parts = [f"<!doctype html><html lang={lang}><meta charset=utf-8><title>{escape(say['title'].format(host=names))}"]
    parts.append(f"</title><style>{STYLE}</style>")
    for host in hosts:
        parts.append(f"<h1>{escape(say['title'].format(host=host['host']))}</h1><p>{escape(say['intro'])}</p><table>")
        parts += [f"<tr><th>{escape(label)}<td>{escape(words)}" for label, words in lines(host, lang)]
        parts.append("</table>")
    return "".join(parts) + "</html>\n"
