"""`sources.yaml`: what may be written there, and one sentence with its line for whatever may not."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

import crawlers.spiders
from storage import sources as model
from storage.sources import LinkRule, Paging, Source, SourcesFile, common_keys
from storage.sources_errors import SourcesError
from storage.sources_file import load

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
BAD = sorted((HERE / "bad_sources").glob("*.yaml"))


class Options(BaseModel):
    """What the options of all spiders share."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @property
    def probed(self) -> bool:
        """Whether any rule was given."""
        return bool(self.model_dump(exclude_defaults=True))


class ListingOptions(Options):
    """The keys of a `listing`."""

    follow: LinkRule | None = None
    next: Paging | None = None
    detail: LinkRule | None = None


class SiteOptions(Options):
    """The keys of a `site`."""

    depth: int = 3
    since: date | None = None
    words: tuple[str, ...] = ()


class FolderOptions(Options):
    """The keys of a `folder`."""

    path: tuple[str, ...] = ()


SPIDERS = {"listing": ListingOptions, "site": SiteOptions, "folder": FolderOptions}

GOOD = """\
version: 1
contact: https://lab.univ.fr/corpus
defaults: {languages: [fr, oc], delay: 2.5, recheck: {recent: 30d, older: 12h}}
authorities:
  ajaccio: {name: Ville d'Ajaccio, level: commune, insee: "2A004", departement: 2A, country: FR}
  oyonnax: {name: Ville d'Oyonnax, insee: "01283"}
sources:
  - id: ajaccio-cm
    title: "Conseil : séances"
    kind: council_minutes
    voice: local_authority
    authority: ajaccio
    spider: listing
    start: ["https://www.ajaccio.fr:443/cm", "http://archives.ajaccio.fr:8080/"]
    follow: {css: "a.document", match: "\\\\.pdf$"}
    next: {param: page, last: 9}
    host_aliases: [WWW2.ajaccio.fr]
    every: 30m
    languages: [fr]
    expect: {min: 10}
    enabled: true
    evidence: path
    verified: 2026-11-02
    rights: {status: official, basis: "L. 2121-26 CGCT"}
  - id: unprobed
    title: A place without rules
    kind: press
    voice: media
    country: CN
    start: ["https://news.cn/"]
"""


def read(folder: Path, text: str, **choices) -> SourcesFile:
    """Return what a text says as a sources.yaml."""
    (folder / "sources.yaml").write_text(text, encoding="utf-8")
    return load(folder / "sources.yaml", SPIDERS, **choices)


def source_text(*lines: str) -> str:
    """Return a file of one valid source with some lines more."""
    head = "version: 1\nsources:\n  - id: town\n    title: Town\n    kind: press\n    voice: media\n"
    return head + "".join(f"    {line}\n" for line in lines)


def refusal(folder: Path, text: str) -> SourcesError:
    """Return the error that a text raises."""
    with pytest.raises(SourcesError) as caught:
        read(folder, text)
    return caught.value


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_file_gives_one_sentence_with_its_line(path: Path) -> None:
    """The first line of each file says which line is wrong and what the sentence must hold."""
    expected = re.fullmatch(r"# (?:line (\d+)|no line): (.*)", path.read_text(encoding="utf-8").splitlines()[0])
    assert expected
    with pytest.raises(SourcesError) as caught:
        load(path, SPIDERS, records={"cncd"})
    said = str(caught.value)
    place = f"{path}, line {expected[1]}: " if expected[1] else f"{path}: "
    assert said.startswith(place)
    assert expected[2] in said.removeprefix(place)
    assert "\n" not in said
    assert len(said) < 600
    assert caught.value.exit_code == 2


def test_a_good_file_says_what_it_says(tmp_path: Path) -> None:
    """Defaults are merged, durations become lengths of time, codes stay text, and a date is a date."""
    whole = read(tmp_path, GOOD)
    town, bare = whole.sources
    assert whole.contact == "https://lab.univ.fr/corpus"
    assert (whole.authorities["oyonnax"].insee, whole.authorities["ajaccio"].insee) == ("01283", "2A004")
    assert (town.languages, bare.languages) == (("fr",), ("fr", "oc"))
    assert (town.delay, town.every, bare.every) == (2.5, timedelta(minutes=30), timedelta(days=7))
    assert town.recheck is not None
    assert (town.recheck.recent, town.recheck.older) == (timedelta(days=30), timedelta(hours=12))
    assert town.hosts() == {"www.ajaccio.fr", "archives.ajaccio.fr:8080", "www2.ajaccio.fr"}
    assert town.verified == date(2026, 11, 2)
    assert town.options == ListingOptions(
        follow=LinkRule(css="a.document", match=r"\.pdf$"), next=Paging(param="page", last=9)
    )
    assert (town.probed, bare.probed, bare.spider) == (True, False, None)
    assert (town.is_loopback(), town.rights.personal_data) == (False, True)


def test_a_source_survives_its_own_dump(tmp_path: Path) -> None:
    """What is kept of a source as JSON has every key with its short spelling, its options included."""
    town = read(tmp_path, GOOD).sources[0]
    kept = town.model_dump(mode="json")
    assert (kept["every"], kept["recheck"], kept["verified"]) == (
        "30m",
        {"recent": "30d", "older": "12h"},
        "2026-11-02",
    )
    assert kept["options"]["follow"] == {"css": "a.document", "match": r"\.pdf$"}
    again = Source.model_validate(town.model_dump(exclude={"options"}) | {"options": town.options})
    assert again == town


def test_nothing_changes_a_source_afterwards(tmp_path: Path) -> None:
    """A source is frozen."""
    town = read(tmp_path, GOOD).sources[0]
    with pytest.raises(ValidationError):
        town.enabled = False


def test_all_errors_are_there_and_the_first_is_said(tmp_path: Path) -> None:
    """The sentence names the first line that is wrong and counts the others."""
    error = refusal(tmp_path, source_text("evry: 7d", "languages: [xx]", "spider: listing"))
    assert [(each.line, each.message.split(";")[0].split(" is ")[0]) for each in error.all] == [
        (7, "source 'town': unknown key 'evry'"),
        (8, "source 'town': `languages[1]`: 'xx'"),
    ]
    assert str(error).endswith("(and 1 more)")


def test_empty_parts_are_as_good_as_absent(tmp_path: Path) -> None:
    """A file whose entries are all commented out loads."""
    assert read(tmp_path, "version: 1\ndefaults:\nauthorities:\nsources:\n").sources == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("version: 1\nsources: " + "[" * 3000, "more than 20 deep"),
        ("version: 1\nsources:\n  " + "- " * 3000 + "x", "more than 20 deep"),
        ("version: 1\nsources: " + "{a: " * 3000, "more than 20 deep"),
        ("version: 1\na: &a [*a]\n", "aliases (*name) make it endless"),
        ("version: 1\nb: &b 1\na: [" + "*b, " * 200 + "]", "more than 100 aliases"),
        (
            "a0: &a0 [x]\n" + "".join(f"a{n + 1}: &a{n + 1} [{f'*a{n}, ' * 9}]\n" for n in range(9)),
            "more than 200,000 values",
        ),
    ],
    ids=["brackets", "dashes", "braces", "endless", "aliases", "bomb"],
)
def test_entangled_files_are_refused_quickly(tmp_path: Path, text: str, words: str) -> None:
    """Depth, aliases and what they unfold into have limits, and no limit of Python's is met first."""
    began = time.process_time()
    error = refusal(tmp_path, text)
    assert words in str(error)
    assert error.line is not None
    assert time.process_time() - began < 5


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    """More than 1 MiB is refused, with what to do about it."""
    assert "larger than 1 MiB" in str(refusal(tmp_path, "version: 1\n" + "#" * 2**20))


def test_a_missing_file_names_the_next_step(tmp_path: Path) -> None:
    """Whoever has no file yet learns how to get one; a folder in its place is a sentence too."""
    with pytest.raises(SourcesError, match=r"none\.yaml: there is no such file; `minutier init` writes one"):
        load(tmp_path / "none.yaml", SPIDERS)
    with pytest.raises(SourcesError, match="cannot be read"):
        load(tmp_path, SPIDERS)


def test_a_file_of_another_encoding_names_the_line(tmp_path: Path) -> None:
    """Accents of windows-1252 are found where they stand; a byte order mark does no harm."""
    path = tmp_path / "sources.yaml"
    path.write_bytes("version: 1\n# délibérations\nsources: []\n".encode("cp1252"))
    with pytest.raises(SourcesError, match=r"sources\.yaml, line 2: it is not UTF-8"):
        load(path, SPIDERS)
    path.write_bytes("version: 1\nsources: []\n".encode("utf-8-sig").replace(b"\n", b"\r\n"))
    assert load(path, SPIDERS).version == 1
    path.write_bytes(b"version: 1\ncontact: \x07x\n")
    with pytest.raises(SourcesError, match="line 2: there is a character that YAML does not allow"):
        load(path, SPIDERS)


def test_included_files_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    """Files below the folder add authorities and sources, which may name one another."""
    (tmp_path / "more.d").mkdir()
    entry = source_text("authority: gaillac").removeprefix("version: 1\n")
    (tmp_path / "more.d" / "b.yaml").write_text(entry.replace("id: town", "id: second"), encoding="utf-8")
    (tmp_path / "more.d" / "a.yaml").write_text(entry.replace("id: town", "id: first"), encoding="utf-8")
    (tmp_path / "more.d" / ".b.yaml").write_text("left by an editor", encoding="utf-8")
    whole = read(tmp_path, "version: 1\ninclude: more.d/*.yaml\nauthorities: {gaillac: {name: Gaillac}}\n")
    assert [source.id for source in whole.sources] == ["first", "second"]
    (tmp_path / "more.d" / "c.yaml").write_text("\n" + entry.replace("id: town", "id: first"), encoding="utf-8")
    error = refusal(tmp_path, "version: 1\ninclude: more.d/*.yaml\nauthorities: {gaillac: {name: Gaillac}}\n")
    assert (error.file, error.line) == (str(tmp_path / "more.d" / "c.yaml"), 3)
    assert f"its id is taken by line 2 of {tmp_path / 'more.d' / 'a.yaml'}" in str(error)


def test_included_files_hold_authorities_and_sources_only(tmp_path: Path) -> None:
    """A second contact would leave open who asks."""
    (tmp_path / "more.yaml").write_text("contact: me@lab.fr\n", encoding="utf-8")
    error = refusal(tmp_path, "version: 1\ninclude: more*.yaml\n")
    assert str(error) == f"{tmp_path / 'more.yaml'}, line 1: unknown key 'contact'. Known keys: authorities, sources."


@pytest.mark.parametrize(
    "pattern", ["/etc/*.yaml", "a/../../*.yaml", "C:/x.yaml", "..\\\\x.yaml", "~/x.yaml", "*.yaml"]
)
def test_include_stays_below_its_file(tmp_path: Path, pattern: str) -> None:
    """No way out of the folder is followed, and a file does not include itself."""
    error = refusal(tmp_path, f'version: 1\ninclude: "{pattern}"\n')
    assert (error.line, "include" in error.message) == (2, True)


def test_a_link_out_of_the_folder_is_not_included(tmp_path: Path) -> None:
    """A symbolic link counts as what it leads to."""
    (tmp_path / "elsewhere.yaml").write_text("sources: []\n", encoding="utf-8")
    (tmp_path / "here").mkdir()
    try:
        (tmp_path / "here" / "x.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    except OSError:
        pytest.skip("this system makes no symbolic links")
    (tmp_path / "here" / "sources.yml").write_text("version: 1\ninclude: x*.yaml\n", encoding="utf-8")
    with pytest.raises(SourcesError, match="lies elsewhere"):
        load(tmp_path / "here" / "sources.yml", SPIDERS)


def test_a_spider_may_ask_for_a_date_and_gets_no_date_as_text(tmp_path: Path) -> None:
    """A date without quotes is one where a date is wanted, and refused where text is."""
    good = source_text("spider: site", 'start: ["http://127.0.0.1:8000/"]', "since: 2020-01-31", "delay: 0")
    town = read(tmp_path, good).sources[0]
    assert (town.options.since, town.is_loopback()) == (date(2020, 1, 31), True)
    error = refusal(tmp_path, good + "    words: [x, 2020-01-31]\n")
    assert (error.line, "`words` must be text" in error.message) == (11, True)


def test_a_loopback_source_with_a_foreign_alias_stays_polite(tmp_path: Path) -> None:
    """The short delay is for this machine alone."""
    start = 'start: ["http://localhost:8000/"]'
    assert read(tmp_path, source_text(start, "delay: 0")).sources[0].delay == 0
    error = refusal(tmp_path, source_text(start, "delay: 0", "host_aliases: [town.fr]"))
    assert (error.line, "`delay` is 0" in error.message) == (8, True)


def test_files_are_read_from_a_path_and_not_from_the_web(tmp_path: Path) -> None:
    """A `folder` needs no start; both at once leave open which is meant."""
    folder = read(tmp_path, source_text("spider: folder", "path: [scans]")).sources[0]
    assert (folder.probed, folder.is_loopback()) == (True, False)
    error = refusal(tmp_path, source_text("spider: folder", "path: [scans]", 'start: ["https://a.fr/"]'))
    assert (error.line, "both `start` and `path`" in error.message) == (9, True)


def real_spiders() -> dict[str, type[BaseModel]]:
    """Return the options of the spiders that exist."""
    names = [found.name for found in pkgutil.iter_modules(crawlers.spiders.__path__)]
    return {name: importlib.import_module(f"crawlers.spiders.{name}").Options for name in names}


def test_the_registry_loads_and_starts_nothing() -> None:
    """All sources that ship are disabled, unprobed, titled, and sure of their address in some degree."""
    whole = load(ROOT / "sources.yaml", real_spiders(), records={"cncd"}, splits={"deliberations"})
    assert len(whole.sources) >= 46
    assert [source.id for source in whole.sources if source.enabled or source.probed] == []
    assert [source.id for source in whole.sources if source.evidence is None] == []
    assert whole.contact == "corpus@example.org"


def test_the_template_loads_and_mentions_every_key() -> None:
    """What `minutier init` writes is valid as it is, starts nothing, and explains each key of a source."""
    path = ROOT / "minutier" / "sources_template.yaml"
    whole = load(path, real_spiders())
    assert [(source.enabled, source.probed) for source in whole.sources] == [(False, True)]
    text = path.read_text(encoding="utf-8")
    assert [key for key in common_keys() if not re.search(rf"^[ #-]*{key}: ?", text, re.MULTILINE)] == []


def test_every_key_is_documented() -> None:
    """Each key of the models and of the spiders stands in docs/sources.md, in backticks."""
    text = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    models = [model.Rights, model.Expect, model.Recheck, LinkRule, Paging, model.Authority, model.Defaults]
    keys = {key for each in [*models, *real_spiders().values()] for key in each.model_fields}
    keys |= set(common_keys()) | (set(SourcesFile.model_fields) - {"path"})
    assert sorted(key for key in keys if f"`{key}`" not in text) == []
    assert sorted(name for name in real_spiders() if f"`spider: {name}`" not in text) == []
    assert len(text.splitlines()) < 500  # as for every page of the documentation
