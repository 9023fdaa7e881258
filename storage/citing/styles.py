"""Citations for programs: CSL-JSON (Zotero, pandoc), BibLaTeX and RIS."""

from __future__ import annotations

from typing import Any

from storage.citing.french import ACTS, OCR, act
from storage.citing.model import Citation

Json = dict[str, Any]
ESCAPED = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)


def csl(citation: Citation) -> Json:
    """Return the entry for a CSL-JSON list."""
    entry: Json = {
        "id": citation.id,
        "type": csl_type(citation),
        "title": title(citation),
        "author": [{"literal": author(citation)}] if author(citation) else [],
        "issued": parts(citation.date),
        "number": citation.number,
        "genre": ACTS.get(citation.act_type, ""),
        "page": citation.page.replace("–", "-"),
        "URL": web(citation),
        "accessed": parts(citation.accessed),
        "language": citation.language if citation.language != "und" else "",
        "note": note(citation),
    }
    return {name: value for name, value in entry.items() if value}


def csl_type(citation: Citation) -> str:
    """Return the type that CSL has for it: a press release and an article are not reports."""
    return {"press": "article-newspaper", "atlas": "entry", "council_minutes": "report"}.get(citation.kind, "document")


def parts(date: str) -> Json:
    """Return a date as CSL writes it, as short as it is known."""
    return {"date-parts": [[int(part) for part in date.split("-")]]} if date else {}


def title(citation: Citation) -> str:
    """Return the title; an untitled paper is named by what it is and when."""
    return citation.title or " ".join(filter(None, [act(citation) or "document", citation.date])) or citation.id


def author(citation: Citation) -> str:
    """Return who speaks: the authority and its assembly."""
    return ", ".join(filter(None, [citation.authority, citation.body]))


def web(citation: Citation) -> str:
    """Return the address, where it is one of the web."""
    return citation.url if "://" in citation.url else ""


def note(citation: Citation) -> str:
    """Return what a citation must not lose: the version, its hash, and that the words were read by OCR."""
    ocr = f"{OCR}. " if citation.ocr else ""
    own = f"{citation.url}. " if not web(citation) else ""
    return f"{ocr}{own}Minutier {citation.id}, version {citation.version}, sha256 {citation.text_sha256}"


def biblatex(citation: Citation) -> str:
    """Return a BibLaTeX entry; braces keep names whole and capitals as they are."""
    kinds = {"press": "article", "council_minutes": "report"}
    fields = {
        "title": f"{{{plain(title(citation))}}}",
        "author": f"{{{plain(author(citation))}}}" if author(citation) else "",
        "date": citation.date,
        "type": plain(ACTS.get(citation.act_type, "")) or "document",
        "institution": plain(citation.authority),
        "number": plain(citation.number),
        "pages": citation.page.replace("–", "--"),
        "url": web(citation).replace("{", "%7B").replace("}", "%7D"),
        "urldate": citation.accessed,
        "langid": {"fr": "french", "en": "english", "ca": "catalan", "oc": "occitan"}.get(citation.language, ""),
        "note": plain(note(citation)),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{kinds.get(citation.kind, 'misc')}{{{citation.id},", *lines, "}"])


def plain(text: str) -> str:
    """Return a text as TeX takes it."""
    return text.translate(ESCAPED).replace("--", "-{}-")  # two hyphens would be set as a dash


def ris(citation: Citation) -> str:
    """Return a RIS record: TY stands first, ER last, each line has one value."""
    kinds = {"press": "NEWS", "council_minutes": "RPRT"}
    year, month, day = [*citation.date.split("-"), "", ""][:3]
    pages = citation.page.split("–")
    lines = [
        ("TY", kinds.get(citation.kind, "GEN")),
        ("ID", citation.id),
        ("TI", title(citation)),
        ("AU", author(citation).replace(", ", " – ")),  # a comma would cut it into surname and first name
        ("PY", year),
        ("DA", f"{year}/{month}/{day}/" if year else ""),
        ("M1", citation.number),
        ("M3", ACTS.get(citation.act_type, "")),
        ("SP", pages[0]),
        ("EP", pages[1] if len(pages) > 1 else ""),
        ("UR", web(citation)),
        ("Y2", citation.accessed.replace("-", "/")),
        ("LA", citation.language if citation.language != "und" else ""),
        ("N1", note(citation)),
    ]
    written = [f"{tag}  - {' '.join(value.split())}" for tag, value in lines if value]
    return "\n".join([*written, "ER  - "])
