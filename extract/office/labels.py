"""The labels of a kind of record, as data: which field each stands for, and which are never taken."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml

from extract.dateforms import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Labels and values by their folded form."""

    fields: dict[str, str]
    several: frozenset[str]
    dates: frozenset[str]
    values: dict[tuple[str, str], str]
    """By field and folded value."""
    persons: re.Pattern[str]

    def field(self, label: str) -> str:
        """The field that a label stands for, or nothing."""
        return self.fields.get(folded(label), "")

    def is_personal(self, label: str) -> bool:
        """Whether what stands behind this label is a person, or the way to reach one."""
        return not self.field(label) and bool(self.persons.search(folded(label)))


@lru_cache(maxsize=4)
def labels_of(name: str) -> Labels:
    """The labels of the file NAME.yaml beside the reader of that name."""
    read = yaml.safe_load(files("extract.records").joinpath(f"{name}.yaml").read_text(encoding="utf-8"))
    words = "|".join(re.escape(folded(word)) for word in read["persons"])
    return Labels(
        fields={folded(label): field for field, variants in read["fields"].items() for label in (field, *variants)},
        several=frozenset(read["several"]),
        dates=frozenset(read["dates"]),
        values={
            (field, folded(variant)): value
            for field, values in read["values"].items()
            for value, variants in values.items()
            for variant in variants
        },
        persons=re.compile(rf"\b(?:{words})\b"),
    )


def folded(label: str) -> str:
    """The label in lower case, without accents, plurals, brackets of plurals and what is no word."""
    plain = re.sub(r"\((?:e|s|es|x)\)", "", fold(label)).replace("œ", "oe").replace("°", "o")
    return " ".join(re.sub(r"(?<=\w\w)s$", "", word) for word in re.findall(r"\w+", plain))
