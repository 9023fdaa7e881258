"""What the town is made of: pages."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

TOWN = "Roquevesse-sur-Orzène"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One address of the town and what it answers."""

    path: str
    """As it is written in links: percent-encoded where it must be."""
    body: bytes
    media_type: str
    """The whole Content-Type, with its charset."""
    last_modified: datetime | None = None
    """UTC; nothing for listings, which real sites build anew each time."""

    @property
    def etag(self) -> str:
        """The entity tag, in its quotes, made from the body alone."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'
