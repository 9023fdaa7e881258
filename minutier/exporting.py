"""Bundles written whole or not at all, with a line of progress and their report."""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from minutier.printing import Ticker, err
from minutier.replacing import put_aside, remove, report_place
from storage.errors import StorageUnusable, WrongUse

if TYPE_CHECKING:
    from bundles.model import Documents, Report


def format_named(name: str, flags: frozenset[str]) -> ModuleType:
    """Return a format. Raises WrongUse where there is none, or where it does not know one of the flags."""
    from bundles import formats_found

    formats = formats_found()
    if name not in formats:
        raise WrongUse(f"There is no format {name!r}: choose one of {', '.join(formats)}.")
    for flag in sorted(flags - set(getattr(formats[name], "FLAGS", {}))):
        knowing = [each for each, module in formats.items() if flag in getattr(module, "FLAGS", {})]
        who = f"only {' and '.join(knowing)} {'do' if len(knowing) > 1 else 'does'}" if knowing else "no format does"
        raise WrongUse(f"{name} does not take --{flag}: {who}.")
    return formats[name]


def endings_of(module: ModuleType) -> Sequence[str]:
    """Return the endings of the files that a format writes beside a bundle."""
    return tuple(getattr(module, "BESIDE", ()))


def export(module: ModuleType, documents: Documents, out: Path) -> Report | None:
    """Write a bundle with a line of progress, and complete its report; nothing where nothing is selected."""
    total = len(documents)
    if not total:
        return None
    ticker = Ticker("documents written")
    counted = itertools.count(1)
    documents.on_document = lambda: ticker.show(next(counted), total)
    report = write_whole(module, documents, out)
    ticker.done()
    return report


def write_whole(module: ModuleType, documents: Documents, out: Path) -> Report:
    """Write beside the target and put it in place at the end: whole, or not at all; not where it would hold nothing."""
    from bundles.naming import beside

    draft = out.with_name(f".{out.name}.part")
    further = {beside(draft, ending): beside(out, ending) for ending in endings_of(module)}
    with_report = further | {draft.with_name(f"{draft.name}.report.json"): out.with_name(f"{out.name}.report.json")}
    drafts = (draft, *with_report)
    try:
        remove(drafts)
        draft.parent.mkdir(parents=True, exist_ok=True)
        report: Report = documents.complete(module.write(documents, draft))
        if not report.written:
            return report
        report.beside = [target.name for source, target in further.items() if source.exists()]
        report.files += draft.is_dir()
        write_report(report, draft)
        with put_aside([out, *with_report.values()]):
            for source, target in with_report.items():
                if source.exists():
                    source.rename(target)
            draft.rename(out)
    except OSError as error:
        why = error.strerror or error
        step = "free some space or name another place"
        raise StorageUnusable(f"{out} cannot be written ({why}), nothing was left there: {step}.") from None
    finally:
        with suppress(OSError):  # where nothing can be written nothing can be removed either
            remove(drafts)
    return report


def write_report(report: Report, out: Path) -> None:
    """Write a report where it is found again: inside a folder, beside a file."""
    from bundles.report import sentences

    whole = {"in_words": list(sentences(report))} | dataclasses.asdict(report)
    text = json.dumps(whole, ensure_ascii=False, indent=2) + "\n"
    report_place(out).write_text(text, encoding="utf-8", newline="\n")


def tell(report: Report, out: Path) -> None:
    """Print a report in the words in which it is written."""
    from bundles.report import sentences

    first, *rest = sentences(report)
    err().print(f"{out}: {first}", markup=False, soft_wrap=True)
    for line in rest:
        err().print(f"  {line}", markup=False, soft_wrap=True)


def tell_nothing(report: Report) -> int:
    """Say that no document could be written in this format, and why."""
    from bundles.report import sentences

    _, *rest = sentences(report)
    err().print(f"None of {report.selected} selected can be written as {report.format}, no file was made:")
    for line in rest:
        err().print(f"  {line}", markup=False, soft_wrap=True)
    return 1


def nothing_to_write(documents: Documents) -> int:
    """Say why there is no bundle."""
    if documents.since:
        same = len(documents.chosen.changes["untouched"])
        err().print(f"Nothing is new or changed since {documents.since} ({same} documents are as they were).")
    elif documents.freeze:
        err().print(f"Every document of {documents.freeze} was withdrawn, nothing was written.", markup=False)
    else:
        err().print("The filters select no document, nothing was written: look at `minutier stats`.")
    return 1
