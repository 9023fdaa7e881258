"""Minutier: from a town hall's web site to a citable corpus that says what is missing."""

__version__ = "0.1.0"
