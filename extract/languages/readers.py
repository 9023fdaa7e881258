"""Two statistical readers with other texts behind them: each says which language the letters of a text look like.

Their answers depend on nothing but the text: one has no chance in it, the other has its seed set.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from langdetect.detector_factory import DetectorFactory
    from py3langid.langid import LanguageIdentifier

UNKNOWN = "und"
# What the first reader answers among. Aragonese, Walloon and others are there so that nothing else is taken for them.
_FIRST = ("fr", "en", "ca", "es", "it", "pt", "de", "nl", "ro", "oc", "gl", "eu", "br", "an", "wa", "lij", "vec", "lb")
# The second has no Occitan, Galician, Basque or Breton, and takes each for a neighbour.
_SECOND = ("fr", "en", "ca", "es", "it", "pt", "de", "nl", "ro")


@lru_cache(maxsize=1)
def _first_reader() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    reader = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    reader.set_languages(_FIRST)
    return reader


def first_opinion(words: str) -> tuple[str, float]:
    """The language that py3langid takes words in lower case for, and how sure it is, from 0 to 1."""
    code, probability = _first_reader().classify(words)
    return str(code), float(probability)


@lru_cache(maxsize=1)
def _second_reader() -> DetectorFactory:
    from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory

    factory = DetectorFactory()
    factory.set_seed(7)
    factory.load_json_profile([Path(PROFILES_DIRECTORY, code).read_text("utf-8") for code in _SECOND])
    return factory


def second_opinion(words: str) -> str:
    """The language that langdetect takes words in lower case for; `und` where it finds nothing to go by."""
    from langdetect.lang_detect_exception import LangDetectException

    detector = _second_reader().create()
    detector.append(words)
    try:
        guesses = detector.get_probabilities()
    except LangDetectException:
        return UNKNOWN  # no letters of use
    return str(guesses[0].lang) if guesses and guesses[0].prob >= 0.8 else UNKNOWN
