"""What programs ask of a REFI-QDA project beyond its schema, as rules: each one is a crash or a loss that was seen."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

NS = "{urn:QDA-XML:project:1.0}"
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
OF_TEXT = ("Description", "PlainTextContent", "PlainTextSelection", "Coding", "NoteRef", "VariableValue")
BEFORE = ("Users", "CodeBook", "Variables", "Cases", "Sources", "Notes", "Links")
ORDER = {
    "Project": (*BEFORE, "Sets", "Graphs", "Description", "NoteRef"),
    "TextSource": OF_TEXT,
    "Representation": OF_TEXT,
    "PDFSource": ("Description", "PDFSelection", "Representation", "Coding", "NoteRef", "VariableValue"),
    "Set": ("Description", "MemberCode", "MemberSource", "MemberNote"),
}
UNSAFE = re.compile(r'[\x00-\x1f/\\:*?"<>|]|^[ .]|[ .]$|^$')
SOURCES = ("TextSource", "PDFSource", "Representation")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
Element = etree._Element


def tag(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).removeprefix(NS)


def broken(path: Path) -> list[str]:
    """Return the rules that a project breaks; none of them where it is sound."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        root = etree.fromstring(archive.read("project.qde"))
        files = {name: archive.read(name) for name in names if name != "project.qde"}
    found = [*project(root), *guids(root), *named(root), *ordered(root), *variables(root)]
    return [*found, *paths(root, names), *texts(files), *memos(root)]


def every(root: Element, *tags: str) -> Iterator[Element]:
    """Yield all elements of these names."""
    return root.iter(*(NS + each for each in tags))


def project(root: Element) -> Iterator[str]:
    """An origin, or one program ends with an error; moments in UTC."""
    if not root.get("origin"):
        yield "no origin"
    for element in root.iter():
        moment = element.get("creationDateTime")
        if moment is not None and not MOMENT.fullmatch(moment):
            yield f"moment {moment}"
    for value in every(root, "DateValue"):
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", value.text or ""):
            yield f"date {value.text}"


def guids(root: Element) -> Iterator[str]:
    """Lower case, each of its own, and each that is referred to is there."""
    mine = [str(element.get("guid")) for element in root.iter() if element.get("guid") is not None]
    if len(mine) != len(set(mine)):
        yield "duplicate GUID"
    asked = [value for element in root.iter() for name, value in element.attrib.items()
             if name in ("targetGUID", "creatingUser", "creatingUserGUID")]  # fmt: skip
    yield from (f"GUID {each}" for each in {*mine, *map(str, asked)} if not GUID.fullmatch(each))
    yield from (f"dangling GUID {each}" for each in set(map(str, asked)) - set(mine))


def named(root: Element) -> Iterator[str]:
    """Names of sources differ without regard to case, fit a file system, and no set is called like a variable."""
    names = [element.get("name") or "" for element in every(root, *SOURCES)]
    if len({unicodedata.normalize("NFKC", name).casefold() for name in names}) != len(names):
        yield "names alike"
    for name in names:
        if (
            not name
            or re.search(r'[\x00-\x1f/\\:*?"<>|]', name)
            or len(name.encode()) > 200
            or name != name.strip(" .")
        ):
            yield f"name {name!r}"
    named = {str(element.get("name")).casefold() for element in every(root, "Variable")}
    for element in every(root, "Set"):
        if str(element.get("name")).casefold() in named:
            yield f"set and variable {element.get('name')}"


def ordered(root: Element) -> Iterator[str]:
    """Children in the order of the schema, and no container empty."""
    for name, order in ORDER.items():
        for element in [root] if name == "Project" else every(root, name):
            places = [order.index(tag(child)) for child in element]
            if places != sorted(places):
                yield f"order in {name}"
    for element in every(root, "Users", "Codes", "Variables", "Cases", "Notes", "Sets", "Sources"):
        if len(element) == 0:
            yield f"empty {tag(element)}"


def variables(root: Element) -> Iterator[str]:
    """On a PDF and on its text the same ones; never shared between cases and sources."""
    for source in every(root, "PDFSource"):
        representation = source.find(f"{NS}Representation")
        if representation is None:
            yield "PDF without text"
        elif read_values(source) != read_values(representation):
            yield "variables differ between a PDF and its text"
    if root.find(f"{NS}Cases") is not None:
        yield "cases"


def read_values(source: Element) -> dict[str, str]:
    """Return the variables of a source by the GUID of the variable."""
    pairs = (list(element) for element in source.findall(f"{NS}VariableValue"))
    return {str(ref.get("targetGUID")): value.text or "" for ref, value in pairs}


def paths(root: Element, names: list[str]) -> Iterator[str]:
    """Texts are files, each one is there once, and none is there that nothing names."""
    if any(True for _ in every(root, "PlainTextContent")):
        yield "text inside the XML"
    asked = [element.get(name) for element in every(root, *SOURCES) for name in ("path", "plainTextPath")]
    files = ["sources/" + each.removeprefix("internal://") for each in asked if each]
    if sorted(files) != sorted(set(names) - {"project.qde"}) or len(names) != len(set(names)):
        yield "files"
    for source in every(root, "TextSource", "Representation"):
        if not source.get("plainTextPath"):
            yield "a text without a file"


def texts(files: dict[str, bytes]) -> Iterator[str]:
    """UTF-8 without BOM, LF, NFC, no control characters: positions are counted in what is written."""
    for name, body in files.items():
        if name.endswith(".txt"):
            text = body.decode("utf-8")
            if re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\u2028\u2029]", text):
                yield f"characters in {name}"
            if unicodedata.normalize("NFC", text) != text:
                yield f"not NFC: {name}"


def memos(root: Element) -> Iterator[str]:
    """The metadata are repeated as a memo, for programs that take no variables."""
    for source in every(root, *SOURCES):
        memo = source.findtext(f"{NS}Description") or ""
        missing = [value for value in read_values(source).values() if value not in memo]
        if not memo or missing:
            yield f"memo of {source.get('name')}"
