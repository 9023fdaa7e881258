"""Addresses: one spelling per page, one id per document, the same on every machine."""

from __future__ import annotations

import pytest

from storage.addresses import Site, document_id, host_of, import_address, request_key

SITE = Site(
    origin="https://www.ville.fr",
    aliases=frozenset({"ville.fr", "mairie-ville.fr"}),
    drop_params=frozenset({"sid"}),
)


@pytest.mark.parametrize(
    "spelling",
    [
        "https://www.ville.fr/actes?a=1&b=2",
        "http://www.ville.fr/actes?b=2&a=1",
        "https://VILLE.fr:443/actes?a=1&b=2#page=3",
        "http://mairie-ville.fr/actes?a=1&b=2&sid=99",
        "https://www.ville.fr/actes;jsessionid=0A?a=1&b=2&PHPSESSID=x&utm_source=lettre",
    ],
)
def test_spellings_of_one_address_are_one(spelling: str) -> None:
    """Host, scheme, order of parameters, session, campaign and fragment make no other document."""
    assert SITE.canonical(spelling) == "https://www.ville.fr/actes?a=1&b=2"


@pytest.mark.parametrize(
    "other",
    ["https://www.ville.fr/Actes?a=1&b=2", "https://www.ville.fr/actes?a=1", "https://autre.fr/actes?a=1&b=2"],
)
def test_different_addresses_stay_different(other: str) -> None:
    """Case of the path, a missing parameter and another host are another document."""
    assert SITE.canonical(other) != "https://www.ville.fr/actes?a=1&b=2"


def test_a_canonical_address_is_its_own_canonical_form() -> None:
    """Folding an address twice changes nothing, accents and spaces included."""
    once = SITE.canonical("http://ville.fr/d%C3%A9lib%C3%A9rations/PV du 3 mai.pdf?x=é&vide=")
    assert SITE.canonical(once) == once


def test_ids_are_fixed_for_ever() -> None:
    """The id is the beginning of a SHA-256: what a thesis cites does not move."""
    assert document_id("https://www.ville.fr/actes?a=1&b=2") == "ozvgojw4pthhbtnz"
    assert document_id("https://www.ville.fr/actes?a=1&b=2", "2024-031") != "ozvgojw4pthhbtnz"


def test_small_parts() -> None:
    """Hosts keep an odd port only, imports have their own scheme, requests differ by method and body."""
    assert host_of("http://[::1]:8000/") == "[::1]:8000"
    assert host_of("http://host:99999999/") == "host"
    assert import_address("mine", "a/b.pdf") == "import:mine/a/b.pdf"
    assert len({request_key("GET", "u"), request_key("POST", "u"), request_key("POST", "u", b"x")}) == 3
