"""Pieces of a REFI-QDA project (QDA-XML 1.0), each as a line of XML.

What the schema does not say and programs ask for is kept here: lower-case GUIDs that differ from each other, names
without slashes, an `origin`, variables both on a PDF and on its text, children in the order of the schema.
"""

from __future__ import annotations

import functools
import re
import uuid
from collections.abc import Iterable, Iterator
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from bundles.model import COLUMNS, BundleDocument
from bundles.naming import title_for_people

SPACE = uuid.UUID("6d0a3c1e-52f4-5b7d-9b1f-0c6f5d2e7a41")
"""Names within it become GUIDs: the same in every export, so that coded work can be matched again."""
TYPES = {"needs_ocr": "Boolean", "pages": "Integer", "characters": "Integer", "version": "Integer"}
"""Of variables that are not text. A date as short as it is known is text: the standard knows full dates only."""
VARIABLES = {name: TYPES.get(name, "Text") for name in COLUMNS} | {"year": "Integer", "day": "Date"}
"""The columns of every table, the year, and the day where it is known."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")


def guid(*words: str) -> str:
    """Return the GUID of something that these words name.

    >>> guid("user") == guid("user"), len(guid("variable", "date"))
    (True, 36)
    """
    return str(uuid.uuid5(SPACE, "\n".join(words)))


USER = guid("user")


@functools.cache
def variable_guid(name: str) -> str:
    """Return the GUID of a variable."""
    return guid("variable", name)


def source_guid(document: BundleDocument) -> str:
    """Return the GUID of a document: another one for a text that an earlier freeze does not have."""
    return guid("source", document.id, document.revision)


def text_guid(document: BundleDocument) -> str:
    """Return the GUID of the text beside a PDF, which must not be that of the PDF."""
    return guid("text", document.id, document.revision)


def values(document: BundleDocument) -> Iterator[tuple[str, str]]:
    """Yield the variables of a document that have a value, as the standard writes them."""
    for name in COLUMNS:
        value = getattr(document, name)
        if value or value is False:
            yield name, str(value).lower() if isinstance(value, bool) else str(value)
    if document.date[:4].isdecimal():
        yield "year", str(int(document.date[:4]))
    if full_date(document.date):
        yield "day", document.date


def full_date(value: str) -> bool:
    """Return whether a date is a day that there was.

    >>> full_date("2024-02-29"), full_date("2023-02-29"), full_date("2023-02")
    (True, False, False)
    """
    try:
        return len(value) == 10 and bool(date.fromisoformat(value))
    except ValueError:
        return False


def variables() -> str:
    """Return the list of variables."""
    each = (
        f'<Variable guid="{variable_guid(name)}" name="{name}" typeOfVariable="{kind}"/>\n'
        for name, kind in VARIABLES.items()
    )
    return f"<Variables>\n{''.join(each)}</Variables>\n"


def variable_values(found: Iterable[tuple[str, str]]) -> str:
    """Return the values of the variables of one source."""
    return "".join(
        f'<VariableValue><VariableRef targetGUID="{variable_guid(name)}"/>'
        f"<{VARIABLES[name]}Value>{escape(value)}</{VARIABLES[name]}Value></VariableValue>\n"
        for name, value in found
    )


def description(found: Iterable[tuple[str, str]]) -> str:
    """Return the variables once more as a memo: some programs take nothing else."""
    return "<Description>" + escape("\n".join(f"{name}: {value}" for name, value in found)) + "</Description>\n"


def made(document: BundleDocument) -> str:
    """Return the attributes that say by whom and when a source came in."""
    at = f' creationDateTime="{document.captured_at}"' if _MOMENT.fullmatch(document.captured_at) else ""
    return f' creatingUser="{USER}"{at}'


def text_source(document: BundleDocument) -> str:
    """Return a document whose text is the source."""
    found, own = list(values(document)), source_guid(document)
    name = quoteattr(title_for_people(document))
    path = f' plainTextPath="internal://{own}.txt"'
    inside = description(found) + variable_values(found)
    return f'<TextSource guid="{own}" name={name}{path}{made(document)}>\n{inside}</TextSource>\n'


def pdf_source(document: BundleDocument) -> str:
    """Return a document that is a PDF, with its text beside it and the variables on both."""
    found, own, text = list(values(document)), source_guid(document), text_guid(document)
    name = title_for_people(document)
    said, told = variable_values(found), description(found)
    beside = f'<Representation guid="{text}" name={quoteattr(f"{name} text")} plainTextPath="internal://{text}.txt"'
    return (
        f'<PDFSource guid="{own}" name={quoteattr(name)} path="internal://{own}.pdf"{made(document)}>\n{told}'
        f"{beside}{made(document)}>\n{told}{said}</Representation>\n{said}</PDFSource>\n"
    )


def project_start(name: str, at: str) -> str:
    """Return what a project begins with: who made it, and the variables."""
    moment = f' creationDateTime="{at}"' if _MOMENT.fullmatch(at) else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<Project xmlns="urn:QDA-XML:project:1.0" name={quoteattr(name)} origin="Minutier" '
        f'creatingUserGUID="{USER}"{moment}>\n'
        f'<Users>\n<User guid="{USER}" name="Minutier"/>\n</Users>\n{variables()}<Sources>\n'
    )


def sets(members: dict[str, list[str]]) -> Iterator[str]:
    """Yield the sets, each with its sources."""
    yield "<Sets>\n"
    for name, sources in sorted(members.items()):
        yield f'<Set guid="{guid("set", name)}" name={quoteattr(name)}>\n'
        yield from (f'<MemberSource targetGUID="{each}"/>\n' for each in sources)
        yield "</Set>\n"
    yield "</Sets>\n"


def set_names(document: BundleDocument) -> tuple[str, str]:
    """Return the sets that a document belongs to; none is called like a variable, which a program would mix up."""
    return f"Source {document.source}", f"Kind {document.kind}"
