"""Reading `sources.yaml`: every key is checked, and every error names its file, its line and the choices."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from storage.sources import Authority, Defaults, Source, SourcesFile, Unprobed, common_keys
from storage.sources_errors import (
    Loc,
    SourcesError,
    raise_any,
    sentence,
    shown,
    unknown_key,
    unknown_name,
)
from storage.sources_succession import broken_successions, unknown_denominators
from storage.sources_values import Identifier
from storage.sources_yaml import Reading, read_yaml

__all__ = ["SourcesError", "load"]

M = TypeVar("M", bound=BaseModel)

HEAD = ("version", "contact", "proxy", "include")
PARTS = ("authorities", "sources")
KEYS = (*HEAD[:3], "defaults", *PARTS, "include")


def load(
    path: Path,
    options: Mapping[str, type[BaseModel]],
    *,
    records: Collection[str] = (),
    splits: Collection[str] = (),
) -> SourcesFile:
    """Read a list of sources, and the files it includes, against the spiders, records and splits that exist.

    `options` gives each spider's own keys. Raises SourcesError; its `all` has every error that was found.
    """
    return Assembly(path, options, {"record": records, "split": splits}).whole()


class Identity(BaseModel):
    """An id on its own."""

    id: Identifier


@dataclass(frozen=True, slots=True)
class Entry:
    """One mapping of a file: what it says, where it stands, and how an error calls it."""

    reading: Reading
    at: Loc
    name: str
    values: dict[str, Any]

    def error(self, message: str, *loc: str | int) -> SourcesError:
        """Return an error at some place within it."""
        named = f"{self.name}: {message}" if self.name else message
        return SourcesError(named, self.reading.file, self.place(*loc))

    def place(self, *loc: str | int) -> int | None:
        """Return the line of some place within it."""
        return self.reading.line((*self.at, *loc))


@dataclass(slots=True)
class Assembly:
    """A list of sources while it is put together: errors are gathered, and raised at the end."""

    path: Path
    options: Mapping[str, type[BaseModel]]
    names: Mapping[str, Collection[str]]
    """What `record` and `split` may be."""
    errors: list[SourcesError] = field(default_factory=list)
    where: dict[tuple[str, str], Entry] = field(default_factory=dict)
    """Each authority and source by its id, with the place it was first met."""
    defaults: dict[str, Any] = field(default_factory=dict)

    def whole(self) -> SourcesFile:
        """Return the list."""
        top = self.top(read_yaml(self.path), KEYS)
        if "version" not in top.values:
            self.errors.append(top.error("`version` is missing: begin the file with `version: 1`"))
        head = self.checked(top, SourcesFile, {key: top.values[key] for key in HEAD if key in top.values})
        readings = [top, *(self.top(read_yaml(path), PARTS) for path in self.included(top))]
        defaults = self.read_defaults(top)
        authorities = self.authorities(readings)
        sources = [source for entry in self.source_entries(readings) if (source := self.source(entry, authorities))]
        self.check_successors(sources)
        raise_any(self.errors)
        assert head is not None
        parts = {
            "path": self.path,
            "defaults": defaults,
            "authorities": authorities,
            "sources": tuple(sources),
        }
        return head.model_copy(update=parts)

    def top(self, reading: Reading, keys: tuple[str, ...]) -> Entry:
        """Return a whole file as an entry; a key that has nothing under it is as good as absent."""
        value = {} if reading.value is None else reading.value
        if not isinstance(value, dict):
            raise SourcesError(
                f"a list of sources has keys ({', '.join(keys)}), and this has none",
                reading.file,
                reading.line(()),
            )
        entry = Entry(reading, (), "", {key: each for key, each in value.items() if each is not None})
        self.refuse_unknown(entry, value, keys)
        return entry

    def included(self, top: Entry) -> list[Path]:
        """Return the files that `include` names, in the order of their names."""
        pattern = top.values.get("include")
        if not isinstance(pattern, str):
            return []
        root = self.path.parent.resolve()
        wrong = ""
        found: list[Path] = []
        if not pattern or re.search(r"[\\:]|^[/~]|(^|/)\.\.(/|$)", pattern):
            wrong = "is no place below the folder of this file: write it such as sources.d/*.yaml"
        else:
            # Names that begin with a dot are what macOS and editors leave beside a file.
            found = sorted(path for path in self.path.parent.glob(pattern) if not path.name.startswith("."))
            wrong = "" if found else "finds no file: check the folder, or remove it"
        for path in found:
            if not path.resolve().is_relative_to(root) or path.resolve() == self.path.resolve():
                wrong = f"finds {path}, which lies elsewhere or is this file"
        if wrong:
            self.errors.append(top.error(f"`include: {pattern}` {wrong}", "include"))
        return [] if wrong else found

    def read_defaults(self, top: Entry) -> Defaults | None:
        """Return the defaults, and keep what the file says of them for the sources."""
        values = top.values.get("defaults", {})
        entry = self.mapping(top, values, ("defaults",), "defaults")
        defaults = self.checked(entry, Defaults, entry.values) if entry else None
        self.defaults = entry.values if entry and defaults else {}
        return defaults

    def mapping(self, top: Entry, value: object, at: Loc, name: str) -> Entry | None:
        """Return a part of a file as an entry, or note that it has no keys."""
        if isinstance(value, dict):
            return Entry(top.reading, at, name, value)
        self.errors.append(top.error(f"{name}: it must have keys and values, and {shown(value)} has none", *at))
        return None

    def authorities(self, readings: list[Entry]) -> dict[str, Authority]:
        """Return the authorities of all files by id."""
        found: dict[str, Authority] = {}
        for top in readings:
            named = self.mapping(top, top.values.get("authorities", {}), ("authorities",), "authorities")
            for key, value in (named.values if named else {}).items():
                entry = self.mapping(top, value, ("authorities", key), f"authority {shown(key)}")
                if entry and self.is_new("authority", key, entry):
                    authority = self.checked(entry, Authority, entry.values)
                    found |= {key: authority} if authority else {}
        return found

    def source_entries(self, readings: list[Entry]) -> list[Entry]:
        """Return the sources of all files, each id once."""
        found: list[Entry] = []
        for top in readings:
            listed = top.values.get("sources", [])
            if not isinstance(listed, list):
                self.errors.append(top.error("`sources` must be a list: begin each source with `- id:`", "sources"))
                continue
            for number, value in enumerate(listed):
                key = value.get("id") if isinstance(value, dict) else None
                name = f"source {shown(key)}" if isinstance(key, str) else f"source number {number + 1}"
                entry = self.mapping(top, value, ("sources", number), name)
                if entry and (not isinstance(key, str) or self.is_new("source", key, entry)):
                    found.append(entry)
        return found

    def is_new(self, what: str, key: str, entry: Entry) -> bool:
        """Return whether an id is met for the first time and well formed; note what is wrong with it."""
        before = self.where.setdefault((what, key), entry)
        if before is not entry:
            first = f"line {before.place()} of {before.reading.file}"
            self.errors.append(entry.error(f"its id is taken by {first}: give one of them another"))
            return False
        if what == "source":  # its own model checks the id
            return True
        return self.checked(entry, Identity, {"id": key}) is not None

    def source(self, entry: Entry, authorities: Mapping[str, Authority]) -> Source | None:
        """Return a source with the options of its spider."""
        spider = entry.values.get("spider")
        rules = self.options.get(spider) if isinstance(spider, str) else Unprobed
        if rules is None:
            self.errors.append(entry.error(unknown_name("spider", str(spider), self.options), "spider"))
            return None
        own = {key: value for key, value in entry.values.items() if key not in common_keys()}
        common = {key: value for key, value in entry.values.items() if key not in own}
        source = self.checked(entry, Source, self.defaults | common)
        known = self.refuse_unknown(entry, own, (*common_keys(), *self.keys(rules)))
        options = self.checked(entry, rules, {key: own[key] for key in known})
        self.check_names(entry, authorities)
        if source is None or options is None:
            return None
        self.check_start(entry, source, options)
        whole = source.model_copy(update={"options": options})
        if whole.hurry:  # known only now: its spider may ask other hosts than those of `start`
            self.errors.append(entry.error(whole.hurry, "delay"))
        return whole

    def keys(self, rules: type[BaseModel]) -> tuple[str, ...]:
        """Return the keys of a spider's options."""
        return () if rules is Unprobed else tuple(rules.model_fields)

    def refuse_unknown(self, entry: Entry, given: Mapping[str, Any], known: tuple[str, ...]) -> list[str]:
        """Return the keys that are known, and note the others."""
        for key in given:
            if key not in known:
                spiders = sorted(name for name, rules in self.options.items() if key in rules.model_fields)
                is_rule = bool(spiders) and entry.at[:1] == ("sources",)
                hint = f"key {shown(key)} belongs to the spider {' or '.join(spiders)}: name it with `spider`"
                self.errors.append(entry.error(hint if is_rule else unknown_key(key, known), key))
        return [key for key in given if key in known]

    def check_successors(self, sources: list[Source]) -> None:
        """Note where `succeeded_by` leads nowhere or back, and where `denominator` names no other source."""
        known = [key for what, key in self.where if what == "source"]
        for key, message in broken_successions(sources, known):
            self.errors.append(self.where["source", key].error(message, "succeeded_by"))
        for key, message in unknown_denominators(sources, known):
            self.errors.append(self.where["source", key].error(message, "denominator"))

    def check_names(self, entry: Entry, authorities: Mapping[str, Authority]) -> None:
        """Note where a source names an authority, a record or a split that does not exist."""
        name = entry.values.get("authority")
        if isinstance(name, str) and ("authority", name) not in self.where:
            message = unknown_name("authority", name, authorities, "List it under `authorities`")
            self.errors.append(entry.error(message, "authority"))
        for key, choices in self.names.items():
            name = entry.values.get(key)
            if isinstance(name, str) and name not in choices:
                self.errors.append(entry.error(unknown_name(key, name, choices), key))

    def check_start(self, entry: Entry, source: Source, options: BaseModel) -> None:
        """Note where a spider has no place to begin: an address, or the `path` of those that read files."""
        path = getattr(options, "path", None)
        if source.spider and not source.start and "path" not in type(options).model_fields:
            message = f"`start` is missing: the spider {source.spider} needs a web address to begin at"
            self.errors.append(entry.error(message))
        elif source.start and path:
            self.errors.append(entry.error("it has both `start` and `path`: keep the one it reads from", "start"))

    def checked(self, entry: Entry, model: type[M], values: dict[str, Any]) -> M | None:
        """Return values as a model, or nothing after noting what is wrong with them."""
        try:
            made = model.model_validate_json(json.dumps(values), strict=True)
        except ValidationError as invalid:
            for problem in told(invalid):
                key = problem.get("ctx", {}).get("key", "")
                loc = (*problem["loc"], *([key] if key else []))
                self.errors.append(entry.error(sentence(problem, model), *loc))
            return None
        dates = [at[len(entry.at) :] for at in entry.reading.dates if at[: len(entry.at)] == entry.at and entry.at]
        wrong = [loc for loc in dates if loc[0] in values and isinstance(_at(made.model_dump(), loc), str)]
        for loc in wrong:
            self.errors.append(entry.error(f"`{loc[0]}` must be text, and a date is not: put quotes around it", *loc))
        return None if wrong else made


def told(invalid: ValidationError) -> list[ErrorDetails]:
    """Return what pydantic found, but no list that is too short only because its entries were refused."""
    problems = invalid.errors(include_url=False)
    lists = {problem["loc"][:-1] for problem in problems}
    return [each for each in problems if each["type"] != "too_short" or each["loc"] not in lists]


def _at(value: Any, loc: Loc) -> Any:
    """Return what stands at a place within plain values."""
    for step in loc:
        value = value[step]
    return value
