"""`minutier worker`: take part in a lab's work on one corpus."""

from __future__ import annotations

import click

from minutier.options import Shared, shared_options

QUEUES = ("crawl", "extract", "ocr")


def _queues(ctx: click.Context, option: click.Parameter, value: str) -> tuple[str, ...]:
    named = tuple(dict.fromkeys(word.strip() for word in value.split(",") if word.strip()))
    for name in named:
        if name not in QUEUES:
            raise click.BadParameter(f"{name!r} is no queue: name some of {', '.join(QUEUES)}.")
    return named


def _able(queues: tuple[str, ...]) -> tuple[str, ...]:
    """Return the queues that were named, or all that this machine can serve. Raises WrongUse."""
    from minutier.readings import what_ocr_lacks
    from storage.errors import WrongUse

    lacking = what_ocr_lacks() if "ocr" in queues or not queues else ""
    if lacking and queues:
        raise WrongUse(f"This machine cannot serve the queue `ocr`: {lacking}")
    return queues or tuple(name for name in QUEUES if name != "ocr" or not lacking)


@click.command()
@click.option("--queues", default="", callback=_queues, metavar="Q,Q", help="Only these of crawl, extract and ocr.")
@click.option("--concurrency", default=5, type=click.IntRange(1, 100), help="How many jobs at the same time.")
@click.option("--until-idle", is_flag=True, help="End when nothing is due and nothing is left to do.")
@shared_options
@click.pass_obj
def command(shared: Shared, queues: tuple[str, ...], concurrency: int, until_idle: bool) -> int:
    """Run due sources and read what they brought, together with the workers of other machines.

    The corpus is in PostgreSQL. Ctrl-C lets what is under way arrive and ends; another worker, or this one when it is
    started again, goes on from there. Exit codes: 0 ended with nothing left unfinished, 2 the corpus is no database,
    4 runs were left unfinished; with --until-idle the worst of the runs, as `crawl` has them.
    """
    from storage.errors import WrongUse

    try:
        from minutier.lab.worker import work
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("procrastinate", "psycopg", "psycopg_pool"):
            raise
        raise WrongUse("A worker needs the extra `lab`: install `minutier[lab]`.") from None
    from crawlers.run import utc_now

    def say(line: str) -> None:
        click.echo(line, err=True)

    return work(
        shared.corpus,
        shared.sources,
        queues=_able(queues),
        concurrency=concurrency,
        until_idle=until_idle,
        now=utc_now,
        say=say,
    )
