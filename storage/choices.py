"""What a kind, a decision and a date may be: one list of each, for the model, the command line and Python."""

from __future__ import annotations

import re
from typing import Literal, get_args

Kind = Literal["council_minutes", "atlas", "press", "other"]
KINDS: tuple[str, ...] = get_args(Kind)
Status = Literal["in", "out", "undecided"]
STATUSES: tuple[str, ...] = get_args(Status)
DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)
"""A date as short as it is known: 2019, 2019-03, 2019-03-18."""
