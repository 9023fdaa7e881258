"""Options that many commands share, accepted before or after the command's name."""

from __future__ import annotations

import dataclasses
import functools
import logging
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import click

from extract.model import Verdict
from storage.choices import DATE, KINDS, STATUSES

if TYPE_CHECKING:
    from storage.filters import Filters

F = TypeVar("F", bound=Callable[..., Any])

VOICES = ["local_authority", "state", "foreign_government", "association", "media", "researcher"]
MARKS = ["relation", "mention", "needs_ocr", "no_text", "suspect", "unsearchable", "no_date"]
OPTIONS = {
    "sources": "--source",
    "kinds": "--kind",
    "voices": "--voice",
    "countries": "--country",
    "authorities": "--authority",
    "languages": "--lang",
    "verdicts": "--verdict",
    "since": "--since",
    "until": "--until",
    "has": "--has",
}
"""How each filter is written."""
VERDICTS = list(get_args(Verdict))


@dataclass(slots=True)
class Shared:
    """What was said about the corpus, wherever on the line."""

    corpus: str = "corpus"
    sources: Path = Path("sources.yaml")
    debug: bool = False


def _remember(ctx: click.Context, option: click.Parameter, value: Any) -> None:
    if value not in (None, False):
        name = (option.name or "").removesuffix("_file")
        setattr(ctx.find_object(Shared) or ctx.ensure_object(Shared), name, value)
    if option.name == "debug" and value:
        logging.getLogger("minutier").setLevel(logging.DEBUG)


def shared_options(command: F) -> F:
    """Give a command --corpus, --sources and --debug."""
    options = [
        click.option(
            "--corpus",
            metavar="DIR",
            envvar="MINUTIER_CORPUS",
            expose_value=False,
            callback=_remember,
            help="The corpus: a folder (default ./corpus, or MINUTIER_CORPUS).",
        ),
        click.option(
            "--sources",
            "sources_file",  # a name of its own: the filter --source fills `sources`
            metavar="FILE",
            type=click.Path(path_type=Path),
            expose_value=False,
            callback=_remember,
            help="The list of sources (default ./sources.yaml).",
        ),
        click.option(
            "--debug", is_flag=True, expose_value=False, callback=_remember, help="Show tracebacks of errors."
        ),
    ]
    return functools.reduce(lambda wrapped, option: option(wrapped), reversed(options), command)


def as_json(command: F) -> F:
    """Give a command --json."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")(command)


def reads_pictures(command: F) -> F:
    """Give a command --no-ocr, as `ocr`."""
    return click.option(
        "--ocr/--no-ocr",
        default=True,
        envvar="MINUTIER_OCR",
        help="Read pages that are pictures now, or leave them for `extract --again --has needs_ocr`.",
    )(command)


def _date(ctx: click.Context, option: click.Parameter, value: str | None) -> str:
    if value and not DATE.fullmatch(value):
        raise click.BadParameter(f"{value!r} is not a date such as 2019, 2019-03 or 2019-03-18.")
    return value or ""


def filter_options(command: F) -> F:
    """Give a command the common filters; it receives them as `filters`."""

    @functools.wraps(command)
    def filtered(*args: Any, **values: Any) -> Any:
        return command(*args, filters=taken(values), **values)

    many: dict[str, Any] = {"multiple": True}
    options = [
        click.option("--source", "sources", metavar="ID", **many, help="Only this source (may be repeated)."),
        click.option("--kind", "kinds", type=click.Choice(KINDS), **many, help="Only this kind of document."),
        click.option("--voice", "voices", type=click.Choice(VOICES), **many, help="Only this kind of publisher."),
        click.option("--country", "countries", metavar="CC", **many, help="Only publishers of this country (FR, CN…)."),
        click.option("--authority", "authorities", metavar="ID", **many, help="Only this authority."),
        click.option("--lang", "languages", metavar="CODE", **many, help="Only this language (fr, zh, oc… or und)."),
        click.option("--since", callback=_date, metavar="DATE", help="Dated this day, month or year, or later."),
        click.option("--until", callback=_date, metavar="DATE", help="Dated this day, month or year, or earlier."),
        click.option("--verdict", "verdicts", type=click.Choice(VERDICTS), **many, help="Only texts of this verdict."),
        click.option("--has", "has", type=click.Choice(MARKS), **many, help="Only documents with this mark."),
        click.option("--curated", "curated", type=click.Choice(STATUSES), **many, help="Only what people decided so."),
        click.option("--tag", "tags", metavar="T", **many, help="Only with this tag (each one, where repeated)."),
        click.option("--all-copies", is_flag=True, help="Show repeated documents too, not only the lead copy."),
    ]
    return functools.reduce(lambda wrapped, option: option(wrapped), reversed(options), filtered)  # type: ignore[return-value]


def taken(values: dict[str, Any]) -> Filters:
    """Take the filters out of a command's values and return them as one."""
    from storage.filters import Filters

    return Filters(**{field.name: values.pop(field.name) for field in dataclasses.fields(Filters)})


def written(filters: Filters) -> str:
    """Return filters as they are written on the command line, each after a space.

    >>> from storage.filters import Filters
    >>> written(Filters(languages=("fr", "oc"), since="2019", all_copies=True))
    ' --lang fr --lang oc --since 2019 --all-copies'
    """
    said = []
    for name, option in OPTIONS.items():
        value = getattr(filters, name)
        said += [f" {option} {shlex.quote(each)}" for each in ((value,) if isinstance(value, str) else value) if each]
    return "".join(said) + (" --all-copies" if filters.all_copies else "")
