"""Citations as a French footnote, CSL-JSON, BibLaTeX or RIS. Pure formatting: no database, no clock."""

from __future__ import annotations

from storage.citing.french import french
from storage.citing.model import Citation, cited
from storage.citing.styles import biblatex, csl, ris

STYLES = ("fr", "csl", "bib", "ris")

__all__ = ["STYLES", "Citation", "biblatex", "cited", "csl", "french", "ris"]
