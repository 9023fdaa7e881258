"""What Minutier runs with may be used by everyone: permissive licences and the LGPL, no GPL and no AGPL."""

from __future__ import annotations

import importlib.metadata
import re

import pytest

from tests.house.test_lock import lock

STRONG = re.compile(r"(?<!L)(?:A?GPL)|(?<!Lesser )(?<!Library )General Public|Affero", re.IGNORECASE)
WEAK = re.compile(r"LGPL|Lesser General Public|Library or Lesser General Public", re.IGNORECASE)


def licence(name: str) -> str:
    """Return what a distribution says of its licence: an SPDX expression, else its classifiers, else its own words."""
    metadata = importlib.metadata.metadata(name)
    classifiers = [each for each in metadata.get_all("Classifier") or [] if each.startswith("License ::")]
    own = (metadata.get("License") or "").strip().partition("\n")[0]
    return metadata.get("License-Expression") or "; ".join(classifiers) or own


def admitted(words: str) -> bool:
    """Return whether a licence may stand in the house; of alternatives (`A OR B`) one is enough."""
    choices = re.split(r"\s+OR\s+", words.strip("() "))
    return any(choice and not STRONG.search(WEAK.sub("", choice)) for choice in choices)


def test_no_library_is_under_the_gpl() -> None:
    """Every library in the lock that is installed here says its licence, and none is the GPL or the AGPL alone."""
    here = [each.name for each, _ in lock("run") if each.marker is None or each.marker.evaluate()]
    assert len(here) > 20
    assert {name: licence(name) for name in here if not admitted(licence(name))} == {}


@pytest.mark.parametrize(
    ("words", "may"),
    [
        ("MIT", True),
        ("MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later", True),
        ("License :: OSI Approved :: GNU Library or Lesser General Public License (LGPL)", True),
        ("LGPL-3.0-or-later", True),
        ("GPL-3.0-only", False),
        ("AGPL-3.0", False),
        ("MIT AND GPL-2.0-only", False),
        ("License :: OSI Approved :: GNU General Public License v3 (GPLv3)", False),
        ("License :: OSI Approved :: GNU Affero General Public License v3", False),
        ("", False),
    ],
)
def test_licences_are_told_apart(words: str, may: bool) -> None:
    """The rule tells the LGPL from the GPL, takes the best of alternatives, and wants a licence to be named."""
    assert admitted(words) is may
