"""The model of `sources.yaml`: what may be written there, and what each key means.

`storage/sources_file.py` reads the file itself; `docs/sources.md` explains every key to whoever writes one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal, Protocol, Self, cast

from pydantic import BaseModel, ConfigDict, Field, SerializeAsAny, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from storage.addresses import host_of
from storage.choices import Kind
from storage.sources_values import (
    Contact,
    Country,
    Css,
    Duration,
    Host,
    Hours,
    Identifier,
    Language,
    Month,
    Pattern,
    Siren,
    WebAddress,
    Words,
    contact_is_placeholder,
    is_loopback,
)

__all__ = [
    "Authority",
    "Css",
    "Defaults",
    "Expect",
    "LinkRule",
    "Paging",
    "Pattern",
    "Recheck",
    "Rights",
    "Source",
    "SourcesFile",
    "common_keys",
    "contact_is_placeholder",
]

Voice = Literal["local_authority", "state", "foreign_government", "association", "media", "researcher"]
Level = Literal["commune", "epci", "departement", "region", "state", "other"]
Evidence = Literal["path", "host", "memory"]
Status = Literal["open", "official", "copyright", "restricted", "unknown"]

DEPARTEMENT = r"\d\d|2[AB]|9[78]\d"
INSEE = {"region": r"\d\d", "departement": DEPARTEMENT}
INSEE_COMMUNE = r"(\d\d|2[AB])\d{3}"
POLITE = 1.0  # seconds between two requests to somebody else's machine, at the least


class Strict(BaseModel):
    """Nothing is converted, nothing unknown is let through, nothing changes afterwards."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def objection(key: str, sentence: str) -> PydanticCustomError:
    """Return the error of a check over several keys; `key` is where the reader has to look."""
    return PydanticCustomError("objection", "{sentence}", {"key": key, "sentence": sentence})


class Rights(Strict):
    """What may be done with the documents, as far as it is known."""

    status: Status = "unknown"
    basis: str = ""
    licence: str = ""
    tdm: str = ""
    personal_data: bool = True


class Expect(Strict):
    """How many documents a good run finds."""

    min: int | None = Field(default=None, ge=0)
    max: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise objection("min", f"`min` ({self.min}) is larger than `max` ({self.max})")
        return self


class Recheck(Strict):
    """How old a document may be to be asked for in every run, and how often the older ones are."""

    recent: Duration
    older: Duration


class LinkRule(Strict):
    """Which links a rule selects: by CSS selector, by a pattern of the address, or by both at once."""

    css: Css | None = None
    match: Pattern | None = None

    @model_validator(mode="after")
    def _not_empty(self, context: ValidationInfo) -> Self:
        # In code the empty rule means every link; in a file it is a rule that somebody forgot to write.
        if context.mode == "json" and self.css is None and self.match is None:
            raise objection("", "an empty rule would take every link: give `css`, `match`, or both")
        return self


class Paging(Strict):
    """Where a listing goes on: the links of a selector, or a counter in the address."""

    css: Css | None = None
    param: Words | None = None
    step: int | None = Field(default=None, ge=1)
    last: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.css is None) == (self.param is None):
            raise objection("", "give either `css` (a link to the next page) or `param` (a counter in the address)")
        if self.param is None and (self.step is not None or self.last is not None):
            raise objection("step" if self.step is not None else "last", "`step` and `last` belong to `param`")
        return self


class Authority(Strict):
    """A public body that publishes. Codes are text: they begin with zeros and hold letters."""

    name: Words
    level: Level | None = None
    insee: str | None = None
    siren: Siren | None = None
    departement: str | None = None
    country: Country | None = None

    @model_validator(mode="after")
    def _codes(self) -> Self:
        shape = INSEE.get(self.level or "", INSEE_COMMUNE)
        if self.insee is not None and not re.fullmatch(shape, self.insee, re.ASCII):
            wanted = {"region": "two digits", "departement": "two or three characters"}
            size = wanted.get(self.level or "", "five characters, such as 01053 or 2A004")
            raise objection("insee", f"`insee` is {self.insee!r}: the code of a {self.level or 'commune'} has {size}")
        if self.departement is not None and not re.fullmatch(DEPARTEMENT, self.departement, re.ASCII):
            raise objection("departement", f"`departement` is {self.departement!r}: it must be such as 34, 2A or 971")
        return self


class Defaults(Strict):
    """What a source does not say itself."""

    languages: Annotated[tuple[Language, ...], Field(min_length=1)] = ("fr",)
    delay: float = Field(default=5, ge=0, le=3600)
    every: Duration = timedelta(days=7)
    max_file_mib: int = Field(default=60, ge=1, le=2048)
    recheck: Recheck | None = None


class Unprobed(BaseModel):
    """The options of a source that names no spider: there are no rules to run by."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    probed: Literal[False] = Field(default=False, exclude=True)


class Rules(Protocol):
    """What every spider's Options offers."""

    @property
    def probed(self) -> bool:
        """Whether it has rules to run by."""


class Source(Defaults):
    """A place that publishes."""

    id: Identifier
    title: Words
    kind: Kind
    voice: Voice
    authority: str | None = None
    country: Country | None = None
    spider: str | None = None
    start: tuple[WebAddress, ...] = ()
    record: str | None = None
    split: str | None = None
    host_aliases: tuple[Host, ...] = ()
    drop_params: tuple[Words, ...] = ()
    hours: Hours | None = None
    tls: Literal["verify", "insecure"] = "verify"
    render: bool = False
    """Whether its web pages are kept as a browser shows them, for what they list is made by JavaScript."""
    expect: Expect | None = None
    enabled: bool = False
    evidence: Evidence | None = None
    verified: date | None = None
    online_since: Month | None = None
    """The first month that the site has on-line, where that is known otherwise than from its listing."""
    denominator: Identifier | None = None
    """The source whose table says how much there is to have, where it is not of the same authority."""
    discontinued: date | None = None
    """The day from which it publishes nothing more, such as that of a merger."""
    succeeded_by: Identifier | None = None
    """The source that goes on where it ended."""
    rights: Rights = Rights()
    options: SerializeAsAny[BaseModel] = Unprobed()
    """The keys of its spider: an instance of the spider's own Options."""

    @model_validator(mode="after")
    def _polite(self) -> Self:
        if self.hurry:
            raise objection("delay", self.hurry)
        return self

    @model_validator(mode="after")
    def _ended(self) -> Self:
        if self.succeeded_by is not None and self.discontinued is None:
            raise objection("succeeded_by", "`succeeded_by` needs the day this source ended: write `discontinued`")
        return self

    def is_over(self, day: date) -> bool:
        """Return whether it is discontinued on a day."""
        return self.discontinued is not None and self.discontinued <= day

    @property
    def hurry(self) -> str:
        """Why its `delay` is too short for the hosts that it asks, or nothing."""
        if not self.start or self.delay >= POLITE or self.is_loopback():
            return ""
        return f"`delay` is {self.delay:g}: any host but this machine is given 1 second or more"

    @property
    def probed(self) -> bool:
        """Whether it has rules to run by; a source without them is listed, never run."""
        return cast(Rules, self.options).probed

    def hosts(self) -> frozenset[str]:
        """Return the hosts that are asked, each with its port unless it is the scheme's own.

        They are those of `start`, unless its spider asks for the documents elsewhere: in an archive.
        """
        elsewhere: frozenset[str] | None = getattr(self.options, "hosts", None)
        return elsewhere or frozenset(host_of(url) for url in self.start) | frozenset(self.host_aliases)

    def is_loopback(self) -> bool:
        """Return whether every host that is asked is this machine (and there is one)."""
        return bool(self.start) and all(is_loopback(host) for host in self.hosts())


class SourcesFile(Strict):
    """A whole `sources.yaml`, with the files that it includes."""

    path: Path = Path("sources.yaml")
    """Where it was read; no key of the file."""
    version: Literal[1] = 1
    contact: Contact = ""
    proxy: WebAddress | Literal[""] = ""
    include: str = ""
    defaults: Defaults = Defaults()
    authorities: Mapping[str, Authority] = {}
    sources: tuple[Source, ...] = ()


def common_keys() -> tuple[str, ...]:
    """Return the keys that every source may have, whatever its spider, in the order of the documentation."""
    own = [name for name in Source.model_fields if name not in Defaults.model_fields and name != "options"]
    return (*own, *Defaults.model_fields)
