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
    from minutier.readings import VOCABULARY
    from storage.errors import WrongUse
    from storage.store import local_folder

    kept = local_folder(shared.corpus) / VOCABULARY
    if action == "list":
        show(kept, as_json)
    elif file is None:
        raise WrongUse(f"Name the file: `minutier vocabulary {action} FILE`.")
    elif action == "write":
        write(file, kept)
    else:
        use(file, kept)
    return 0


def show(kept: Path, as_json: bool) -> None:
    """Print each term with its class, its role and how it is written."""
    from extract.vocabulary.file import read_vocabulary
    from minutier.readings import vocabulary_text

    vocabulary = read_vocabulary(vocabulary_text(kept.parent))
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
    where = f"of {kept}" if kept.exists() else "that comes with Minutier"
    err().print(f"Vocabulary {vocabulary.version}, the one {where}: {len(rows)} terms.", markup=False)


def write(file: Path, kept: Path) -> None:
    """Write the vocabulary of this corpus to a new file, to be changed. Raises WrongUse where there is one."""
    from minutier.readings import vocabulary_text
    from storage.errors import WrongUse

    if file.exists():
        raise WrongUse(f"{file} exists: name another file, or move it away.")
    file.write_text(vocabulary_text(kept.parent), encoding="utf-8", newline="\n")
    err().print(f"{file} is written: change it, then `minutier vocabulary use {file}`.", markup=False)


def use(file: Path, kept: Path) -> None:
    """Keep a checked copy of a file in the corpus. Raises WrongUse."""
    from minutier.readings import checked
    from storage.database import check_ours
    from storage.errors import WrongUse
    from storage.store import FILE

    check_ours(kept.parent / FILE)
    if not file.exists():
        raise WrongUse(f"There is no file {file}: `minutier vocabulary write {file}` makes one to begin with.")
    text = file.read_text("utf-8", "replace")
    version = checked(text, file)
    draft = kept.with_suffix(".new")
    draft.write_text(text, encoding="utf-8", newline="\n")
    draft.replace(kept)
    err().print(
        f"Vocabulary {version} is in use in {kept.parent}. Read the documents again: `minutier extract --again`.",
        markup=False,
    )
