"""The stamp of the electronic transmission to the State (ACTES), line by line."""

from __future__ import annotations

import re

_STAMP = re.compile(
    r"""(?:
      accus[ée]\ (?:certifi[ée]\ )?(?:ex[ée]cutoire|de\ r[ée]ception)
    | (?:envoy|re[çc]|transmis|t[ée]l[ée]transmi)\w*\ (?:[àa]\ la|en|au|le)\ ?
      (?:(?:sous[- ])?pr[ée]fecture|contr[ôo]le|\d)
    | r[ée]ception\ (?:par\ le\ pr[ée]fet|en\ (?:sous-)?pr[ée]fecture)
    | (?:affich[ée]|publi[ée]|notifi[ée])\w*\ le\ ?:?\ *(?:\d\d[/.]|$)
    | date\ de\ (?:t[ée]l[ée]transmission|r[ée]ception)
    | (?:id\ *:?\ *)?0?[0-9AB]{2,3}-\d{9}-\d{6,8}-
    | id\ *:\ *\d
    )""",
    re.I | re.X,
)
_INITIALS = frozenset("aàeértpdiAÉERTPDI0123456789")


def is_stamp(words: str) -> bool:
    """Whether a line is one of those of such a stamp."""
    return words[:1] in _INITIALS and len(words) < 200 and _STAMP.match(words) is not None
