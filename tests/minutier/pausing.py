"""`minutier` that waits between finding out what is due and doing it: so a test can let another one come between.

    python -m tests.minutier.pausing crawl --due …

It says `decided` on standard error once it knows what is due, and goes on when a line arrives on standard input.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import minutier.due

found_out = minutier.due.turns_of


def and_wait(*given: Any) -> Any:
    """Find out what is due, say so, and wait."""
    turns = found_out(*given)
    print("decided", file=sys.stderr, flush=True)
    sys.stdin.readline()
    return turns


if __name__ == "__main__":
    minutier.due.turns_of = and_wait
    os.cpu_count = lambda: 1  # one child reads: a test has few documents, and starting a child is what takes long
    from minutier.main import main

    main()
