"""A made-up town and its Chinese partner, served on the loopback: what `minutier demo` crawls.

Everything in it is synthetic, and its pages say so. Day 2 is day 1 with one document changed, one gone
and one new.
"""

from minutier.town.model import Page
from minutier.town.registry import sources_yaml
from minutier.town.server import Asked, Town, serve
from minutier.town.site import pages

CHANGED = "/presse/2024/avenant-charte-jumelage-jiwan.html"
"""The press release that is corrected on day 2: an amount and a date."""
VANISHED = "/documents/2022/CR-CM-14-03-2022.pdf"
"""The minutes that are no longer listed and answer 404 on day 2."""
NEW = "/documents/2024/Liste-deliberations-CM-23-09-2024.pdf"
"""The list of deliberations that is published between the two days."""

__all__ = ["CHANGED", "NEW", "VANISHED", "Asked", "Page", "Town", "pages", "serve", "sources_yaml"]
