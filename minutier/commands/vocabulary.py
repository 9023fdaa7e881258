"""`minutier vocabulary`: what every text is searched for, and how to replace it by your own."""

from __future__ import annotations

from pathlib import Path

import click

from minutier.options import Shared, as_json, shared_options
from minutier.printing import err, out, print_json, table


@click.command()
@click.argument("action", type=click.Choice(["list", "write", "use"]), default="list")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@as_json
@shared_options
@click.pass_obj
def command(shared: Shared, action: str, file: Path | None, as_json: bool) -> int:
    """List the terms that mark relations and mentions; write them to a FILE; use a FILE of your own in this corpus.

    After `use`, read the documents again: `minutier extract --again`.
    """
    from storage.errors import WrongUse

    if action == "list":
        show(shared.corpus, as_json)
    elif file is None:
        raise WrongUse(f"Name the file: `minutier vocabulary {action} FILE`.")
    elif action == "write":
        write(file, shared.corpus)
    else:
        use(file, shared.corpus)
    return 0


def in_use(location: str) -> tuple[str, bool]:
    """Return the text of the vocabulary in use, and whether it is the corpus' own."""
    from extract.vocabulary.file import built_in_text
    from minutier.readings import vocabulary_text
    from storage.places import parts_of
    from storage.store import Store

    if not parts_of(location)[0].exists():
        return built_in_text(), False
    with Store.open(location) as store:
        text = vocabulary_text(store)
    return text, text != built_in_text()


def show(location: str, as_json: bool) -> None:
    """Print each term with its class, its role and how it is written."""
    from extract.vocabulary.file import read_vocabulary

    text, own = in_use(location)
    vocabulary = read_vocabulary(text)
    spellings: dict[tuple[str, str], list[str]] = {}
    for entry in vocabulary.entries:
        spellings.setdefault((entry.term, entry.role), []).append(" ".join(entry.words))
    rows = [{"term": term, "role": role, "spellings": written} for (term, role), written in spellings.items()]
    if as_json:
        print_json({"version": vocabulary.version, "near": vocabulary.near, "terms": rows})
        return
    out().print(
        table("", ["term", "role", "written"], [[r["term"], r["role"], ", ".join(r["spellings"])] for r in rows])
    )
    where = f"of {location}" if own else "that comes with Minutier"
    err().print(f"Vocabulary {vocabulary.version}, the one {where}: {len(rows)} terms.", markup=False)


def write(file: Path, location: str) -> None:
    """Write the vocabulary of this corpus to a new file, to be changed. Raises WrongUse where there is one."""
    from storage.errors import WrongUse

    if file.exists():
        raise WrongUse(f"{file} exists: name another file, or move it away.")
    file.write_text(in_use(location)[0], encoding="utf-8", newline="\n")
    err().print(f"{file} is written: change it, then `minutier vocabulary use {file}`.", markup=False)


def use(file: Path, location: str) -> None:
    """Keep a checked copy of a file in the corpus. Raises WrongUse."""
    from crawlers.run import utc_now
    from minutier import __version__
    from minutier.readings import checked
    from storage import corpus
    from storage.database import check
    from storage.errors import WrongUse
    from storage.places import parts_of
    from storage.store import Store

    check(parts_of(location)[0])
    if not file.exists():
        raise WrongUse(f"There is no file {file}: `minutier vocabulary write {file}` makes one to begin with.")
    text = file.read_text("utf-8", "replace")
    version = checked(text, str(file))
    with Store.create(location, now=utc_now(), version=__version__) as store:
        store.writer.write(lambda connection: corpus.use_vocabulary(connection, text))
    err().print(
        f"Vocabulary {version} is in use in {location}. Read the documents again: `minutier extract --again`.",
        markup=False,
    )
