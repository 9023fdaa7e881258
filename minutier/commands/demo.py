"""`minutier demo`: a made-up town on this machine, crawled for real."""

from __future__ import annotations

import click

from minutier.options import Shared, reads_pictures, shared_options
from minutier.printing import Ticker, out


@click.command()
@reads_pictures
@shared_options
@click.pass_obj
def command(shared: Shared, ocr: bool) -> int:
    """Serve a made-up town on this machine, crawl it, and say what to try next.

    Run it again on the same corpus to see a second crawl: most pages unchanged, one changed, one gone.
    Nothing leaves this machine; every text of the town is synthetic.
    """
    from minutier.crawling import Progress, exit_code
    from minutier.demonstration import crawl_town, tell

    ticker = Ticker("documents read")
    progress = Progress(changed=lambda p: ticker.show(p.settled, p.documents, p.last))
    visit = crawl_town(shared.corpus, ocr, progress)
    ticker.done()
    tell(out(), visit)
    return exit_code(visit.reports)
