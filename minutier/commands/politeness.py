"""`minutier politeness`: what was asked of whom, and how far apart."""

from __future__ import annotations

from pathlib import Path

import click

from minutier.agreeing import agreed
from minutier.options import Shared, as_json, shared_options
from minutier.printing import err, out, print_json
from storage.errors import WrongUse


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a page to send to a town hall.")
@click.option("--lang", type=click.Choice(["en", "fr"]), default="en", help="The language of the page and the lines.")
@as_json
@shared_options
@click.pass_obj
def command(shared: Shared, ids: tuple[str, ...], html: Path | None, lang: str, as_json: bool) -> int:
    """Show, from the stored captures alone, what was asked of each host: how much, how far apart, what it wished.

    Without ID all sources count. Exit code 1 where a pause was shorter than promised, or nothing was ever asked.
    """
    from minutier.politeness import WORDS, accounts, lines, page
    from storage.store import Store

    if html and html.exists():
        raise WrongUse(f"{html} exists: name another file, or remove it first.")
    with Store.open(shared.corpus) as store:
        hosts = accounts(store, ids)
    if as_json:
        print_json({"hosts": hosts})
    elif html:
        try:
            html.write_text(page(hosts, lang), encoding="utf-8", newline="\n")
        except OSError as error:
            raise WrongUse(f"{html} cannot be written ({error.strerror or 'no such place'}): name another.") from None
        err().print(agreed("{file}: {hosts} host[|s].", {"file": html, "hosts": len(hosts)}, "en"), markup=False)
    else:
        for host in hosts:
            out().print(WORDS[lang]["title"].format(host=host["host"]), style="bold", markup=False)
            for label, words in lines(host, lang):
                out().print(f"  {label}: {words}", markup=False, soft_wrap=True)
    if not hosts:
        err().print("Nothing was asked of anybody yet.")
    return int(not hosts or any(host["pauses"]["below"] for host in hosts))
