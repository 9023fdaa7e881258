"""How files are to be read in a corpus: with which vocabulary, and whether pictures of pages go through OCR."""

from __future__ import annotations

from dataclasses import dataclass

import extract
from extract.model import Extraction
from extract.vocabulary.file import VocabularyError, built_in_text, read_vocabulary
from storage import corpus
from storage.errors import WrongUse
from storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """What each file of one command is read with."""

    vocabulary: str
    """The text of the vocabulary file."""
    vocabulary_version: str
    ocr: bool = False
    missing: str = ""
    """Why pages that are pictures cannot be read on this machine, and what to install; nothing where they can."""

    def version(self, reading: Extraction) -> str:
        """Return what a reading is kept under: the extractor, the vocabulary, and the OCR where it was used."""
        seen = any(page.confidence is not None for page in reading.pages)
        return f"{extract.VERSION}+{self.vocabulary_version}" + ("+ocr" if seen else "")


def readings_in(store: Store, *, ocr: bool) -> Readings:
    """Return how files are read in a corpus. Raises WrongUse for a vocabulary that cannot be used."""
    text = vocabulary_text(store)
    version = read_vocabulary(text).version
    missing = what_ocr_lacks() if ocr else ""
    return Readings(vocabulary=text, vocabulary_version=version, ocr=ocr and not missing, missing=missing)


def vocabulary_text(store: Store) -> str:
    """Return the text of the vocabulary that is in use in a corpus. Raises WrongUse where it cannot be used."""
    with store.reading() as connection:
        own = corpus.vocabulary(connection)
    if own:
        checked(own, f"the vocabulary of {store.database.place}")
    return own or built_in_text()


def checked(text: str, name: str) -> str:
    """Return the version of a vocabulary. Raises WrongUse with its name where it cannot be used."""
    try:
        return read_vocabulary(text).version
    except VocabularyError as error:
        raise WrongUse(f"{name}: {error}") from error


def what_ocr_lacks() -> str:
    """Return what this machine lacks to read pictures of pages, in a sentence; nothing where it lacks nothing."""
    from extract.ocr import Missing, available

    engine = available()
    return engine.message if isinstance(engine, Missing) else ""
